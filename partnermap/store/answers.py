"""What both stores do before and after a Cypher query: parameters, read-only text, column types."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from partnermap.errors import StoreError
from partnermap.queries import Query, query
from partnermap.store.layout import arrow_type

if TYPE_CHECKING:
    import pyarrow as pa


_PARAMETER = re.compile(r"\$(\w+)")


@dataclass(frozen=True)
class Question:
    """A Cypher text with its parameters, what to call it, and the columns its header declares."""

    text: str
    params: Mapping[str, object]
    name: str
    columns: Mapping[str, str] = field(default_factory=dict)


def named_question(name: str, params: Mapping[str, object]) -> Question:
    """The question of a named query.

    Raises
    ------
    NotFound
        If there is no such query.
    StoreError
        If a parameter is missing or unknown.
    """
    found = query(name)
    _check_params(found, params)
    return Question(found.text, params, f"Query {name}", found.columns)


def _check_params(found: Query, params: Mapping[str, object]) -> None:
    missing = [f"{name} ({meaning})" for name, meaning in found.params.items() if name not in params]
    needs = f" needs a value for {', '.join(missing)}." if missing else ""
    unknown = sorted(set(params) - set(found.params))
    if unknown:
        known = needs or f" takes {', '.join(found.params) or 'none'}."
        raise StoreError(f"Query {found.name} has no parameter {', '.join(unknown)}: it{known}")
    if missing:
        raise StoreError(f"Query {found.name}{needs}")


def text_question(cypher: str, params: Mapping[str, object]) -> Question:
    """The question of a person's own Cypher text, which may only read the graph.

    A database opened read-only still writes and reads other files (``COPY ... TO``,
    ``LOAD CSV``) and runs procedures, so such clauses are refused by their words.

    Raises
    ------
    StoreError
        If the text is empty, holds several statements, or does more than read.
    """
    bare = _WITHOUT_TEXT.sub(" '' ", cypher).strip().removesuffix(";")
    if ";" in bare:
        raise StoreError("The Cypher text holds several statements. Give one at a time.")
    if not re.match(r"(OPTIONAL\s+MATCH|MATCH|WITH|UNWIND|RETURN)\b", bare.strip(), re.IGNORECASE):
        raise StoreError(
            "The Cypher text must begin with MATCH, OPTIONAL MATCH, WITH, UNWIND or RETURN: "
            "queries read the graph and change nothing."
        )
    word = _MORE_THAN_READING.search(bare)
    if word:
        raise StoreError(
            f"The Cypher text holds {word[1].upper()}: queries read the graph and change nothing. "
            f"Write a name such as `{word[1]}` in backticks."
        )
    asked = set(_PARAMETER.findall(bare))
    if missing := sorted(asked - params.keys()):
        idle = sorted(params.keys() - asked)
        given = f" It has no parameter {', '.join(idle)}." if idle else ""
        raise StoreError(f"The Cypher text needs a value for {', '.join(missing)}: a parameter that is not given matches nothing.{given}")
    return Question(cypher, params, "The Cypher text")


# comments, quoted text and quoted names
_WITHOUT_TEXT = re.compile(
    r"""//[^\n]*|/\*.*?\*/|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:``|[^`])*`""", re.DOTALL
)
# a property (a.set), a label (:Set) or a parameter ($set) of such a name is none of these clauses
_MORE_THAN_READING = re.compile(
    r"(?<![.:$\w])(CREATE|MERGE|SET|DELETE|REMOVE|DROP|ALTER|COPY|LOAD|INSTALL|UNINSTALL|ATTACH|DETACH|"
    r"EXPORT|IMPORT|FOREACH|CHECKPOINT|BEGIN|COMMIT|CALL(?!\s*[({]))\b",
    re.IGNORECASE,
)


def typed(table: pa.Table, question: Question) -> pa.Table:
    """The rows with exactly the columns and types of the query's header.

    Without a header, 128-bit integers and decimals without a fraction become int64.

    Raises
    ------
    StoreError
        If the columns differ from the header or a value does not fit its type.
    """
    import pyarrow as pa

    if not question.columns:
        names = {n: _usual(table.schema.field(n).type) for n in table.column_names}
    elif list(question.columns) != table.column_names:
        raise StoreError(
            f"{question.name} gives the columns {', '.join(table.column_names)}, but its header "
            f"says {', '.join(question.columns)}."
        )
    else:
        names = {name: arrow_type(type_) for name, type_ in question.columns.items()}
    schema = pa.schema(names.items())
    try:
        return table.cast(schema)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise StoreError(f"{question.name} gives a value that does not fit its column: {error}") from error


def _usual(type_: pa.DataType) -> pa.DataType:
    import pyarrow as pa

    if pa.types.is_decimal(type_):
        return pa.int64() if type_.scale == 0 else pa.float64()
    if pa.types.is_integer(type_):
        return pa.int64()
    if pa.types.is_floating(type_):
        return pa.float64()
    if pa.types.is_large_string(type_):
        return pa.string()
    if pa.types.is_list(type_) or pa.types.is_large_list(type_):
        return pa.list_(_usual(type_.value_type))
    return type_
