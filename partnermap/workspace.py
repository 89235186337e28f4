"""The order of the steps: the one object that the command line, pages and notebooks talk to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from partnermap import (
    decisions,
    intake,
    people,
    profiles,
    queries,
    rejected,
    scanning,
    traces,
    who,
    workbooks,
)
from partnermap.asked import (
    Day,
    Names,
    asked_countries,
    asked_day,
    asked_name,
    asked_names,
    asked_places,
    asked_top,
    check_word,
)
from partnermap.codes.countries import asked_country
from partnermap.codes.instruments import asked_instrument
from partnermap.codes.lists import own_lists, use_lists
from partnermap.codes.organizations import find_by_name, known_organization
from partnermap.codes.sectors import asked_area
from partnermap.copying import copy_store
from partnermap.errors import NotFound, StoreError, WrongArgument
from partnermap.findings.board import (
    CONCERNS,
    ORDER,
    STATUS,
    Board,
    Filter,
    Listing,
    check_class,
    read_board,
)
from partnermap.findings.notes import state_notes
from partnermap.findings.overlap import KIND
from partnermap.findings.scan import check_scan, last_scan, read_scans
from partnermap.findings.wording import shortened
from partnermap.graph import (
    activities_frame,
    activities_in,
    findings_frame,
    findings_json,
    neighbourhood,
)
from partnermap.lookups import check
from partnermap.lookups.activity import asked_activity, find_activity
from partnermap.lookups.check import Match
from partnermap.lookups.profile import Profile, namings_frame
from partnermap.lookups.side_by_side import Comparison
from partnermap.memory import uncollected
from partnermap.model import Change, Coverage, Finding, Row
from partnermap.pairing.corpus import Corpus, read_corpus
from partnermap.pairing.kept import KeptPairs
from partnermap.pairing.text import marked
from partnermap.pairing.weights import load_weights
from partnermap.scope import Scope
from partnermap.settings import FILE, Settings, read_settings, write_settings
from partnermap.sources.suggest import as_lines, suggest_mapping, write_proposal
from partnermap.status import status_of
from partnermap.store import Store, open_store

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from partnermap.views import MapPage

CLASSES = ORDER
KINDS = (KIND,)
WorkspaceSettings = Settings
explain_failures = intake.explain_failures
WORKBOOKS = workbooks.FILES
FOLDERS = ("inbox", rejected.FOLDER, "out")
LISTS = "lists"  # holds lists that take the place of shipped ones
Progress = Callable[[str, int, int], None]
ENGINES = scanning.ENGINES

__all__ = [
    "CLASSES",
    "CONCERNS",
    "ENGINES",
    "STATUS",
    "WORKBOOKS",
    "Comparison",
    "Coverage",
    "Finding",
    "Listing",
    "Match",
    "Profile",
    "Workspace",
    "WorkspaceSettings",
    "as_lines",
    "asked_day",
    "explain_failures",
    "findings_frame",
    "findings_json",
    "marked",
    "namings_frame",
    "shortened",
    "suggest_mapping",
    "write_proposal",
]


class Workspace:
    """A folder with settings and a store; every step of the tool is one method.

    Parameters
    ----------
    folder : the workspace's folder
    environment : may hold ``NEO4J_USERNAME`` and ``NEO4J_PASSWORD``

    Raises
    ------
    NotFound
        If the folder is no workspace.
    StoreError
        If its store cannot be opened.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str] | None = None) -> None:
        self.folder = Path(folder)
        self.settings = read_settings(self.folder)
        self.lists = own_lists(self.folder / LISTS)
        self._environment = dict(environment or {})
        self._store: Store = open_store(self.settings.store, self.folder, self._environment)
        use_lists(self.lists)
        self._seen: tuple[int, Corpus, Board] | None = None
        self._kept = KeptPairs(self.folder / ".cache" / "pairs")

    @property
    def store(self) -> Store:
        """The store; whoever asks for it works with this workspace's lists from then on."""
        use_lists(self.lists)
        return self._store

    @classmethod
    def create(cls, folder: Path, settings: Settings | None = None) -> Path:
        """Make a new workspace; its folder comes back.

        Raises
        ------
        StoreError
            If the folder already is one, or cannot be made or written.
        """
        folder = Path(folder)
        if (folder / FILE).exists():
            raise StoreError(f"{folder} already is a workspace. Use it with -w {folder}, or choose another folder.")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_settings(folder, settings or Settings())
            for name in FOLDERS:
                (folder / name).mkdir(exist_ok=True)
            workbooks.write_empty(folder, read_settings(folder))
        except OSError as error:
            raise StoreError(f"No workspace can be made in {folder}: {error.strerror}. Choose a folder where you may write.") from error
        return folder

    def close(self) -> None:
        """Let go of the store."""
        self._store.close()

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- writing ---------------------------------------------------------------------------------

    def import_files(
        self,
        *paths: str | Path,
        mapping: str | Path | None = None,
        dataset: str | None = None,
        replace: bool = False,
        strict: bool = False,
        progress: Progress | None = None,
    ) -> intake.Intake:
        """Import files and folders; see :func:`partnermap.intake.import_paths`.

        What was refused or doubted is written to ``rejected/``, a table for each dataset.
        """
        self.store.check_writable()
        result = intake.import_paths(
            self.store,
            self.settings,
            [Path(p) for p in paths],
            mapping=Path(mapping) if mapping else None,
            dataset=dataset,
            replace=replace,
            strict=strict,
            progress=progress,
        )
        result.imported = [_reported(self.folder, item) for item in result.imported]
        return result

    def write_workbook(self, name: str, path: str | Path, *, adviser: str = "", organization: str = "") -> dict[str, int]:
        """Write one of ``WORKBOOKS`` with what was last imported from it; rows by sheet.

        A return tells the activities of ``organization``; default who told them last, else our own.
        """
        return workbooks.write_filled(self.store, self.settings, name, Path(path), adviser, organization)

    def plan_erasure(self, person: str) -> people.Erasure:
        """Everything that names a person; raises NotFound when nothing does."""
        return people.plan_erasure(self.store, person, lambda pattern: rejected.lines_naming(self.folder, pattern))

    def erase(self, plan: people.Erasure) -> list[str]:
        """Erase a person, and keep a salted hash by which later imports skip rows about them.

        What the last scan wrote of them is written again. Files of the folder that still name them
        come back; ``plan.identifiers`` stay.
        """
        with self.store.job("import", rederive=lambda job: intake.rederive(job, self.settings)) as job:
            people.erase(job, plan)
            intake.rederive(job, self.settings)
        pattern = people.name_pattern(plan.name)
        rejected.drop_lines(self.folder, pattern)
        self._kept.clear()
        if plan.found:
            self.scan()
        # an older Cypher view that still holds the name goes when a new one is made
        self.store.read_text("MATCH (p:Person) RETURN count(p) AS people")
        return traces.files_naming(self.folder, pattern)

    def plan_withdrawal(self, dataset: str) -> intake.Withdrawal:
        """What withdrawing a dataset would close; raises NotFound with the known names."""
        self.store.check_writable()
        return intake.plan_withdrawal(self.store, dataset)

    def withdraw(self, plan: intake.Withdrawal) -> Change:
        """Withdraw a dataset that was imported by mistake: its records are closed, not deleted."""
        change = intake.withdraw(self.store, self.settings, plan)
        rejected.write_report(self.folder, change.dataset, ())
        return change

    def settle(self, *, resume: bool) -> str:
        """Finish or undo an import that was cut off; a sentence on what was done."""
        return self.store.settle(resume=resume, rederive=lambda job: intake.rederive(job, self.settings))

    def scan(self, engine: str = "local", progress: Progress | None = None) -> Row:
        """Find overlaps over everything loaded; see :func:`partnermap.scanning.scan`."""
        return scanning.scan(self.store, self.settings, self._kept, engine, progress)

    def copy_to(self, url: str) -> dict[str, int]:
        """Move records and numbers to another, empty store and derive there; rows by kind.

        Raises
        ------
        StoreError
            If the other store already holds records.
        """
        other = open_store(url, self.folder, self._environment)
        try:
            return copy_store(self.store, other, url, self.settings)
        finally:
            other.close()

    # --- reading ---------------------------------------------------------------------------------

    @uncollected()
    def _read(self) -> tuple[Corpus, Board]:
        version = self.store.version()
        if self._seen is None or self._seen[0] != version:
            corpus = read_corpus(self.store.columns)
            self._seen = (version, corpus, read_board(self.store.columns, corpus))
        return self._seen[1], self._seen[2]

    @cached_property
    def expected(self) -> list[str]:
        """Expected partners as ``id|name``."""
        found = []
        for name in self.settings.expected:
            known = known_organization(name) or known_organization(find_by_name(name) or "")
            found.append(f"{known.id}|{known.acronym or known.name}" if known else f"?|{name}")
        return found

    def day(self, as_of: Day = None) -> date:
        """The day that a list stands for: given, else the workspace's, else today."""
        return asked_day(as_of, "as_of") or self.settings.as_of or date.today()

    def listing(
        self,
        *,
        country: Names = (),
        group: Names = (),
        kind: str = "",
        cls: str = "",
        organization: str = "",
        area: str = "",
        concerns: str = "",
        past: bool = False,
        status: str = "open",
        since: str = "",
        as_of: Day = None,
        top: int = 0,
    ) -> Listing:
        """Findings in order, with what was looked at and how many are left out.

        Parameters
        ----------
        country, group : a name or code, or several
            Findings about any of these countries, or any country of these groups: together they
            mean "or".
        cls : one of ``CLASSES``; the column ``class`` of a table, a word that Python keeps for itself
        organization, area : name or id; that carries out, funds or tells one of the activities; UNECE area of one of them
        concerns, status : one of ``CONCERNS``, of ``STATUS``
        past : also what is over
        since : numbered in this scan or later
        as_of : date, or text such as "2026-05-31"; else the workspace's day, else today
        top : the first so many; 0 for all

        Raises
        ------
        NotFound
            If a name is unknown, or nothing was loaded or scanned.
        WrongArgument
            If a value is no name, no date or no number.
        """
        most = asked_top(top)
        check_word(kind, KINDS, f"{kind!r} is no kind of finding.")
        check_word(status, STATUS, f"{status!r} is no status.")
        check_word(concerns, CONCERNS, f"{concerns!r} concerns nobody.")
        scans = read_scans(self.store.columns)
        if not scans and not self.coverage().activities:
            raise NotFound("No activity is loaded yet, so nothing can be said. First: partnermap import FILE; then: partnermap scan")
        if since:
            check_scan(since, scans)
        wanted = Filter(
            countries=asked_countries(country, group),
            places=tuple(asked_places(country, group)),
            kind=kind,
            cls=check_class(cls) if cls else "",
            organization=self.organization_id(organization) if organization else "",
            area=asked_area(area) if area else "",
            concerns=concerns,
            past=past,
            status=status,
            since=since,
        )
        last = last_scan(scans)
        corpus, board = self._read()
        found = board.select(wanted, self.day(as_of), self.expected)
        notes = (*state_notes(last, self.store.version(), corpus, self.settings.own), *found.coverage.notes)
        return replace(found, findings=found.findings[:most], coverage=replace(found.coverage, notes=notes))

    def organization_id(self, name: str) -> str:
        """Id of a loaded organization; named as ``organization`` takes it, and raises as it."""
        return who.loaded_organization(self.store, name).id

    def findings(self, **filters: Any) -> pd.DataFrame:
        """Findings as a table: one row each, in the order of the list; filters as in ``listing``."""
        return findings_frame(self.listing(**filters).findings)

    def finding(self, number: str, as_of: Day = None) -> Finding:
        """One finding by number or id.

        Raises
        ------
        NotFound
            If there is none.
        """
        found = self._read()[1].select(Filter(number=number, status="all"), self.day(as_of), self.expected)
        if not found.findings:
            raise NotFound(f"There is no finding {number!r} in the last scan. List them with: partnermap findings")
        return found.findings[0]

    def check(
        self,
        draft: str,
        *,
        country: Names = (),
        start: Day = None,
        end: Day = None,
        usd: float | None = None,
        kind: str = "project",
        top: int = 10,
    ) -> list[Match]:
        """What an activity or a pasted text is close to, best first; stores nothing.

        An activity is named by its identifier, by its number in our own registers, or by the end of
        one identifier alone.

        Parameters
        ----------
        country : a name or code, or several; else those that the text names
        start, end : date, or text such as "2026-05-31"
        top : the nearest so many; 0 for all

        Raises
        ------
        NotFound
            If several activities may be meant, or the text is none.
        WrongArgument
            If a value is no name, no date or no number.
        """
        most, begins, ends = asked_top(top), asked_day(start, "start"), asked_day(end, "end")
        named = asked_names(country, "country")
        corpus = self._read()[0]
        weights = load_weights(self.settings.weights)
        meant = find_activity(draft, corpus, self._own_ref)
        one = corpus.sides[meant] if meant else check.draft(  # an identifier, else a text
            draft, own=self.settings.own, country_names=named, start=begins, end=ends, usd=usd, kind=kind
        )
        return check.neighbours(one, corpus, weights, most, self.day())

    @property
    def _own_ref(self) -> str:
        return workbooks.own_of(self.settings).ref

    def activity_id(self, name: str) -> str:
        """Id of an activity by identifier, as ``check`` takes it, or by its title in any case.

        Raises
        ------
        NotFound
            If none or several are meant.
        """
        return asked_activity(name, self._read()[0], self._own_ref)

    def read_as(self, draft: str, *, country: Names = (), start: Day = None, **_about: object) -> list[str]:
        """What a pasted text was not compared by, and how to say it; empty for an activity."""
        if find_activity(draft, self._read()[0], self._own_ref):
            return []
        return check.not_compared(draft, asked_names(country, "country"), start is not None)

    def pairs_of(self, finding: Finding) -> list[Any]:
        """The pairs of a finding, strongest first."""
        return sorted(self._read()[1].pairs[finding.id], key=lambda p: (-p.score, p.left, p.right))

    def side(self, activity: str) -> Any:
        """An activity as it is compared."""
        return self._read()[0].sides[activity]

    def called(self, organization: str) -> str:
        """Acronym, else name, of an organization."""
        return self._read()[0].called(organization)

    # --- who is who ------------------------------------------------------------------------------

    def coverage(self, as_of: date | str | None = None) -> Coverage:
        """What was looked at: the first line of every list."""
        return self._read()[1].coverage(self.day(as_of), self.expected)

    def organizations(self, find: str = "") -> list[Row]:
        """Loaded organizations, those with most activities first; ``find`` is part of a name."""
        return who.listed_organizations(self.store, find)

    def identity_suggestions(self, find: str = "") -> list[Row]:
        """What may be one organization, with reasons, best first; ``find`` is part of a name of either."""
        return who.suggestion_rows(self.store, find)

    def identity_decisions(self) -> list[Row]:
        """Decisions on who is who, oldest first."""
        return decisions.decision_rows(self.store)

    def is_open_question(self, left: str, right: str) -> bool:
        """Whether no decision says or implies what two organizations are to each other."""
        return decisions.is_open(self.store, left, right)

    def decide_identity(self, verdict: str, names: Sequence[str], *, note: str = "", by: str = "") -> tuple[Row, int]:
        """Decide that two organizations are "same", "different" or "unsure"; see ``decisions.decide``."""
        intake.refresh(self.store, self.settings)
        return decisions.decide(self.store, self.settings, verdict, names, note=note, by=by)

    def undo_identity(self, decision: str = "", *, by: str = "") -> tuple[Row, int]:
        """Take back a decision, or the last one; see ``decisions.undo``."""
        intake.refresh(self.store, self.settings)
        return decisions.undo(self.store, self.settings, decision, by=by)

    def organization(self, name: str) -> Profile:
        """Everything that names a loaded organization, and its money.

        It is named by id, name, alias or acronym in any case, or by a part of its name.

        Raises
        ------
        NotFound
            If none or several are meant, or no loaded file names the one.
        """
        return profiles.profile(self.store, self._read()[0], name)

    def compare(self, *names: str, country: Names = (), group: Names = (), as_of: Day = None) -> Comparison:
        """Organizations side by side: ``compare("UNDP", "ADB")``; countries, groups and day as in ``listing``.

        Raises
        ------
        NotFound
            If a name means none or several, or two mean one.
        WrongArgument
            If there are fewer than two, or one is no name.
        """
        if any(not isinstance(name, str) for name in names):
            raise WrongArgument('Name each organization by itself, as in compare("UNDP", "ADB"); those of a list with compare(*names).')
        if len(names) < 2:
            raise WrongArgument('Name two or more organizations to compare, as in compare("UNDP", "ADB").')
        return profiles.compare(self.store, self._read()[1], names, self._scope(country, group), self.day(as_of), self.expected, scanned=bool(read_scans(self.store.columns)))

    def activities(self, *, country: Names = (), group: Names = (), organization: str = "") -> pd.DataFrame:
        """Activities as a table, one row each, sorted by id; countries and groups as in ``listing``."""
        corpus, board = self._read()
        return activities_frame(corpus, board.sources, self._scope(country, group, organization))

    def graph(self, *, country: Names = (), group: Names = (), organization: str = "", finding: str = "") -> nx.MultiDiGraph:
        """The graph around countries, groups (as in ``listing``), an organization or a finding; without any, all."""
        corpus, board = self._read()
        scope = self._scope(country, group, organization)
        ids = frozenset(m.id for m in self.finding(finding).members) if finding else activities_in(corpus, scope) if scope else None
        return neighbourhood(corpus, board, ids, self.day())

    def _scope(self, country: Names, group: Names, *organizations: str) -> Scope:
        """What is asked about, in codes and ids."""
        ids = tuple(self.organization_id(name) for name in organizations if name)
        return Scope(asked_countries(country, group), ids, tuple(asked_places(country, group)))

    def map(self, *, country: Names = (), group: Names = (), organization: str = "", finding: str = "", past: bool = False) -> MapPage:
        """An interactive page of what ``graph`` gives; shows itself in Jupyter."""
        from partnermap.views import draw_map

        graph = self.graph(country=country, group=group, organization=organization, finding=finding)
        if finding:
            one = self.finding(finding)
            found = replace(self.listing(top=1), findings=(one,), past=0)
            title = f"{one.number} · {self.settings.name}"
        else:
            found = self.listing(country=country, group=group, organization=organization, past=past)
            where = asked_places(country, group)
            by = organization and self._read()[0].names[self.organization_id(organization)]
            title = " · ".join(filter(None, [", ".join(where), by, self.settings.name]))
        return draw_map(graph, found.findings, title=title, coverage=str(found.coverage), past=found.past)

    def query(self, name: str = "", *, cypher: str = "", **params: object) -> pd.DataFrame:
        """Rows of a named query of ``cypher/read``, or of read-only Cypher text.

        A named query takes a country, an area, an instrument, an organization or an activity by its
        name or title too.

        Raises
        ------
        NotFound
            If there is no query or nothing of that name, or several are meant.
        StoreError
            If a parameter is missing or unknown, or the text cannot be run.
        """
        meant = {"country": asked_country, "organization": self.organization_id, "area": asked_area, "instrument": asked_instrument, "activity": self.activity_id}
        if not cypher:
            params = {key: meant[key](asked_name(told, key)) if key in meant else told for key, told in params.items()}
        table = self.store.read_text(cypher, **params) if cypher else self.store.read(name, **params)
        frame: pd.DataFrame = table.to_pandas()
        return frame

    def status(self) -> dict[str, Any]:
        """Counts, datasets, scans and unresolved references; keys as in the design."""
        return status_of(self.store, self.settings, self.lists)

    @staticmethod
    def queries() -> dict[str, queries.Query]:
        """Every named query."""
        return queries.all_queries()


def _reported(folder: Path, item: intake.Imported) -> intake.Imported:
    return replace(item, report=rejected.write_report(folder, item.dataset.dataset, item.refused))
