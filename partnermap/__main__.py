"""``python -m partnermap`` is the command ``partnermap``."""

from partnermap.start import main

main()
