"""From a pyvis network and our template to one page that needs nothing else.

pyvis stays the renderer: only its template is ours, because none of its own ways of writing a page
works offline, and none escapes text. Invariants of the page: nothing is fetched; only the two
scripts whose hashes stand in its content-security policy run; text from data is text.
"""

from __future__ import annotations

import base64
import hashlib
import html as html_text
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

if TYPE_CHECKING:
    from pyvis.network import Network

__all__ = ["Frame", "new_network", "render"]

_POLICY_MARK = "CONTENT-SECURITY-POLICY"
# data blocks carry a type and do not match; in them "<" is escaped, so they cannot open a script
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


@dataclass(frozen=True)
class Frame:
    """A page inside a notebook's output, in a sandbox that may run its own scripts and no more."""

    html: str
    title: str
    height: int = 760

    def _repr_html_(self) -> str:
        return (
            f'<iframe sandbox="allow-scripts" title="{html_text.escape(self.title)}" '
            f'style="width:100%;height:{self.height}px;border:1px solid #c8ccd2" '
            f'srcdoc="{html_text.escape(self.html)}"></iframe>'
        )

    def __repr__(self) -> str:
        return f"{self.title} (a page; a trusted notebook shows it)"


def new_network(title: str) -> Network:
    """An empty pyvis network, set up for :func:`render`."""
    from pyvis.network import Network  # imports IPython: slow, so only when a page is drawn

    return Network(directed=True, cdn_resources="in_line", heading=title)


def render(network: Network, template: str, values: Mapping[str, Any]) -> str:
    """The page of a network as text.

    Parameters
    ----------
    network : Network
        From :func:`new_network`, with nodes, edges and options.
    template : str
        File name in ``views/templates``.
    values : mapping
        What the template uses beyond what pyvis hands it.

    Returns
    -------
    str
        HTML with LF line ends, to be written as UTF-8.
    """
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=ChoiceLoader(
            [PackageLoader("partnermap.views", "templates"), PackageLoader("pyvis", "templates")]
        ),
    )
    environment.policies["json.dumps_kwargs"] = {
        "sort_keys": True,
        "ensure_ascii": False,
        "allow_nan": False,
        "separators": (",", ":"),
    }
    environment.globals.update(values)
    network.templateEnv = environment
    network.path = template
    html = str(network.generate_html()).replace("\r\n", "\n").replace("\r", "\n")
    return html.replace(_POLICY_MARK, _policy(html), 1)


def _policy(html: str) -> str:
    hashes = [
        "'sha256-" + base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii") + "'"
        for script in _SCRIPT.findall(html)
    ]
    # vis-network sets inline styles and draws from data: images
    return (
        f"default-src 'none'; script-src {' '.join(hashes)}; style-src 'unsafe-inline'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
