"""What the words of a header mean, in English words: Russian, Ukrainian, French, Spanish and German.

Written from memory, general words alone; a header's meaning is said to be ``likely`` at most.
"""

from __future__ import annotations

import re
from functools import lru_cache

from partnermap.codes.names import normalise

# word of a header without accents (a regular expression for all of it) to what it means here
_MEANINGS: tuple[tuple[str, str], ...] = (
    (r"номер|numero|nr|num|nummer|kennung|aktenzeichen", "number"),
    (r"код|шифр|codigo|kode", "code"),
    (r"идентификатор|identifiant|identificador", "id"),
    (r"projekt(?:nummer|nr|kennung)", "project number"),
    (r"назван\w+|наименован\w+|назва|заголов\w+|titre|intitule|titulo|titel|bezeichnung", "title"),
    (r"projekttitel|projektbezeichnung|projektname", "project title"),
    (r"nom|nombre", "name"),
    (r"проект\w*|projets?|proyectos?|projekte?s?|vorhaben", "project"),
    (r"мероприяти\w+|activites?|actividad(?:es)?|massnahmen?", "activity"),
    (r"outputs?", "activity"),  # of a country team's joint workplan
    (r"програм\w+|programmes?|programas?", "programme"),
    (r"стран(?:а|ы|е|у|ам|ах)?|краін\w+|pays|pais(?:es)?|land|lander|(?:partner|einsatz|ziel)land(?:er)?|countr(?:y|ies)", "country"),
    (r"начал\w+|старт|початок|початку|debut|inicio|comienzo|beginn|anfang|(?:start|anfangs)datum|projekt(?:beginn|start)|begins?|from", "start"),
    (r"конец|конца|окончан\w+|заверш\w+|кінець|кінця|закінч\w+|fin|cloture|achevement|finalizacion|cierre|termino|ende|enddatum|abschluss|projektende|until|till", "end"),
    (r"дата|даты|fecha|datum", "date"),
    (r"срок\w*|период\w*|період\w*|годы|роки|periode|duree|annees|periodo|plazo|duracion|anos|(?:projekt)?(?:zeitraum|laufzeit|dauer)|jahre|duration|timeframe|timeline|years|quarters?|квартал\w*|trimestres?|quartale?", "period"),
    (r"статус\w*|состояни\w+|стадия|этап|statut|etat|estado", "status"),
    (r"бюджет\w*|presupuesto", "budget"),
    (r"сумм\w+|сума|объем\w*|montant|monto|importe|betrag|summe|fordersumme|(?:projekt)?volumen|mittel", "amount"),
    (r"стоимост\w+|вартіст\w+|couts?|costos?|costes?|(?:gesamt)?kosten", "cost"),
    (r"финансирован\w+|фінансуван\w+|средств\w*|financements?|financiacion|financiamiento|finanzierung", "funding"),
    (r"описан\w+|опис|содержани\w+|аннотаци\w+|descripcion|(?:kurz|projekt)?beschreibung|inhalte?", "description"),
    (r"resume|resumen|zusammenfassung", "summary"),
    (r"цел(?:ь|и|еи|ям)|задач\w*|мета|objectifs?|objetivos?|(?:projekt)?ziele?|zielsetzung", "objective"),
    (r"сектор\w*|отрасл\w+|област(?:ь|и)|галузь|secteurs?|sectores|sektor(?:en)?|(?:forder)?bereiche?", "sector"),
    (r"направлени\w+|тематик\w+|тема|domaines?|tema|themenfeld|thema", "theme"),
    (r"донор\w*|спонсор\w*|источник\w*|bailleurs?|donateurs?|donantes?|financiador(?:es)?|(?:auftrag|geld|mittel)?geber|donors", "donor"),
    (r"исполн\w+|реализующ\w+|виконав\w+|d?execution|ejecutor(?:es|a|as)?|durchfuhr\w+|umsetz\w+", "implementing"),
    (r"партнер\w*|partenaires?|socios?|partners?|projektpartner", "partner"),
    (r"бенефициар\w*|получател\w+|beneficiaires?|beneficiarios?", "beneficiary"),
    (r"утвержд\w+|одобрен\w+|approbation|aprobacion|bewilligung", "approval"),
    (r"подписан\w+|firma|unterzeichnung", "signed"),
    (r"примечани\w+|комментари\w+|примітк\w+|remarques?|observaciones|bemerkung(?:en)?", "remarks"),
    (r"тыс\w*|milliers|miles|tsd|tausend", "thousand"),
    (r"млн|миллион\w*|millones|mio|millionen", "million"),
)
_COMPILED = tuple((re.compile(pattern), frozenset(meaning.split())) for pattern, meaning in _MEANINGS)
# headers that are one of these words or hold it, as English ones are asked for
_ENGLISH = (
    "id identifier number no ref reference code title name project activity programme country countries location start end date period closing completion approval "
    "status stage budget amount cost grant funding financing value commitment description objective objectives summary purpose sector theme topic donor funder "
    "implementing executing partner agency beneficiary currency comments remarks notes duration"
)
KNOWN = frozenset(_ENGLISH.split())


@lru_cache(maxsize=4096)
def meanings(header: str) -> frozenset[str]:
    """The words of a header, with the English ones that others mean."""
    words = normalise(header).split()
    return frozenset(words).union(*(meaning for word in words for pattern, meaning in _COMPILED if pattern.fullmatch(word)))


def looks_like_header(cell: str) -> bool:
    """Whether a short text is a header's, by its words."""
    return len(cell) <= 60 and len(cell.split()) <= 8 and not KNOWN.isdisjoint(meanings(cell))
