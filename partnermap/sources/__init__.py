"""Files into records: the table of sources, and the front door that opens any path."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from partnermap.errors import DatasetConflict, PartnermapError, UnreadableFile
from partnermap.model import Refused
from partnermap.sources.archive import Content, contents
from partnermap.sources.detect import source_of
from partnermap.sources.imports import Import, dataset_id
from partnermap.sources.mapping import Mapping, load_mapping

__all__ = ["SOURCES", "Import", "Imports", "Source", "dataset_id", "open_imports"]


@dataclass(frozen=True)
class Source:
    """A file format: what it is, how it is read, and whether it needs a mapping."""

    title: str
    read: Callable[[Content, str | None, Mapping | None], Import | list[Import]]  # file, dataset id, mapping
    needs_mapping: bool = False


def _iati(content: Content, dataset: str | None, mapping: Mapping | None) -> Import:
    from partnermap.sources.iati import read_iati

    return read_iati(content, dataset)


def _table(content: Content, dataset: str | None, mapping: Mapping | None) -> Import:
    from partnermap.sources.table import read_table

    assert mapping is not None
    return read_table(content, mapping, dataset)


def _registers(content: Content, dataset: str | None, mapping: Mapping | None) -> list[Import]:
    from partnermap.sources.registers import read_registers

    return read_registers(content, dataset)


def _status_table(content: Content, dataset: str | None, mapping: Mapping | None) -> Import:
    from partnermap.sources.registers_untc import read_status_table

    return read_status_table(content, dataset)


def _hxl(content: Content, dataset: str | None, mapping: Mapping | None) -> Import:
    from partnermap.sources.hxl import read_hxl

    return read_hxl(content, dataset)


def _has_tags(content: Content) -> bool:
    from partnermap.sources.hxl import has_tags

    return has_tags(content)


SOURCES: dict[str, Source] = {
    "iati": Source("IATI activity file, 1.01 to 2.03", _iati),
    "table": Source("table: workbook (XLSX) or text with separators (CSV)", _table, needs_mapping=True),
    "hxl": Source("table with HXL tags: who is present where (3W)", _hxl),
    "registers": Source("our own workbook: registers.xlsx or an adviser's return", _registers),
    "status-table": Source("status table of the UN Treaty Collection, pasted as text", _status_table),
}


class Imports(Iterator[Import]):
    """The datasets of one path, one :class:`Import` at a time.

    Each file is checked whole when it is asked for. From a folder or zip, files that cannot be
    read are left out and stand in ``refused`` (row 0, not kept), so that the rest still loads;
    ``refused`` is complete once the imports are used up. A caller that must not lose a message
    reads it then.
    """

    def __init__(self, path: Path, files: list[Content], alone: bool, mapping: Mapping | None, dataset: str | None) -> None:
        self.refused: list[Refused] = []
        self._path, self._alone, self._mapping, self._dataset = path, alone, mapping, dataset
        self._files = iter(files)
        self._given = 0
        self._opened: list[Import] = []  # of a file that holds several datasets

    def __next__(self) -> Import:
        if self._opened:
            return self._opened.pop(0)
        for content in self._files:
            try:
                first, *self._opened = _open(content, self._mapping, self._dataset, self._alone)
            except UnreadableFile as error:
                if self._alone:
                    raise
                self.refused.append(Refused(content.name, 0, "", str(error).removeprefix(f"{content.name}: ")))
                continue
            self._given += 1
            return first
        if not self._given:
            raise self._nothing()
        raise StopIteration

    def _nothing(self) -> PartnermapError:
        reasons = " ".join(str(entry) for entry in self.refused[:3])
        more = f" And {len(self.refused) - 3} more." if len(self.refused) > 3 else ""
        self._given = -1  # asked again, it is used up
        return UnreadableFile(f"{self._path}: holds no file that can be imported. {reasons}{more}".strip())


def open_imports(path: Path, *, mapping: Path | None = None, dataset: str | None = None, several: bool = False) -> Imports:
    """Every dataset at a path: a file, plain or gzip, a zip's members, or a folder's files.

    Parameters
    ----------
    path : file or folder
    mapping : TOML mapping, needed for tables; IATI files, our own workbooks and, beside other
        files, tables with HXL tags do not use it
    dataset : dataset id, for a path with one file; default from each file's name
    several : other paths are imported with it

    Returns
    -------
    Imports
        Iterator of :class:`Import` in name order.

    Raises
    ------
    UnreadableFile
        If there is nothing to read; from the iterator, if a single file cannot be read or no
        file of a folder or zip can, or if the mapping is wrong. The message says what to do.
    DatasetConflict
        If ``dataset`` is given and the path holds several files.
    """
    meaning = load_mapping(mapping) if mapping else None
    files = contents(path)
    if path.is_dir():  # a mapping lies beside its table
        files = [content for content in files if not content.name.endswith(".toml")]
    if dataset and len(files) > 1:
        raise DatasetConflict(
            f"{path}: holds {len(files)} files, and each is a dataset of its own, so --dataset {dataset} cannot name "
            "them all. Import the files one by one, or leave --dataset out."
        )
    alone = not several and path.is_file() and len(files) == 1 and files[0].name == path.name
    return Imports(path, files, alone, meaning, dataset)


def _open(content: Content, mapping: Mapping | None, dataset: str | None, alone: bool) -> list[Import]:
    kind = source_of(content)
    # a mapping is meant for a tagged table where it is asked for by name, not where it lies beside others
    if kind == "table" and not (mapping and alone) and _has_tags(content):
        kind = "hxl"
    source = SOURCES[kind]
    if source.needs_mapping and mapping is None:
        raise UnreadableFile(f"{content.name}: looks like a table. Name its mapping with --mapping FILE.toml, or let --suggest propose one.")
    read = source.read(content, dataset, mapping)
    return read if isinstance(read, list) else [read]
