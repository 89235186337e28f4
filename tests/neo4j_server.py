"""A real Neo4j for the tests: one that was named, or one started from Maven artifacts.

``PARTNERMAP_TEST_NEO4J_URI`` (with ``PARTNERMAP_TEST_NEO4J_USERNAME`` and ``..._PASSWORD``) names
a server; otherwise ``mvn`` brings the jars into ``.cache`` of the repository and ``java`` runs
them on a free port of this machine. ``NEO4J_URI`` is a user's own database and is never read.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import neo4j
import psutil
from neo4j.exceptions import AuthError, DriverError, Neo4jError

VERSION = "5.26.28"
CACHE = Path(__file__).parents[1] / ".cache" / f"neo4j-{VERSION}"
LEAVE_OUT = "Leave these tests out with: pytest -m 'not neo4j'"
_OPENS = ("java.base/java.nio", "java.base/java.io", "java.base/sun.nio.ch", "java.base/java.lang")


class NoServer(RuntimeError):
    """A Neo4j that was asked for and is not there."""


@dataclass(frozen=True)
class Server:
    """Address and login of a server whose database the tests may empty."""

    url: str
    user: str
    password: str
    run: str  # id of this run's TestRun node

    def driver(self) -> neo4j.Driver:
        return neo4j.GraphDatabase.driver(self.url, auth=(self.user, self.password))

    def empty(self) -> None:
        """Delete everything but this run's marker; refuse a database without it."""
        with self.driver() as driver:
            marked = driver.execute_query(
                "MATCH (t:TestRun {id: $id}) RETURN count(t) AS n", id=self.run
            ).records[0]["n"]
            if marked != 1:
                raise NoServer(f"The database at {self.url} lost the mark of this test run; it is left alone.")
            with driver.session() as session:
                session.run(
                    "MATCH (n) WHERE NOT n:TestRun CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS"
                ).consume()


@contextmanager
def server(work: Path) -> Iterator[Server]:
    """A server for one run, with an empty database that carries this run's ``TestRun`` node.

    Raises
    ------
    NoServer
        If there is none, it does not answer, or its database holds something.
    """
    named = os.environ.get("PARTNERMAP_TEST_NEO4J_URI")
    if named:
        user = os.environ.get("PARTNERMAP_TEST_NEO4J_USERNAME", "neo4j")
        password = os.environ.get("PARTNERMAP_TEST_NEO4J_PASSWORD", "")
        found = Server(named, user, password, uuid.uuid4().hex)
        _mark(found)
        try:
            yield found
        finally:
            _unmark(found)
        return
    with _started(work) as found:
        _mark(found)
        yield found


def _mark(found: Server) -> None:
    try:
        with found.driver() as driver:
            held = driver.execute_query("MATCH (n) RETURN count(n) AS n").records[0]["n"]
            if held:
                raise NoServer(f"The database at {found.url} holds {held} nodes; tests use an empty one only.")
            driver.execute_query("CREATE (:TestRun {id: $id})", id=found.run)
    except (DriverError, Neo4jError) as error:
        raise NoServer(f"Neo4j at {found.url} does not answer: {error}. {LEAVE_OUT}") from error


def _unmark(found: Server) -> None:
    found.empty()
    with found.driver() as driver:
        driver.execute_query("MATCH (t:TestRun {id: $id}) DELETE t", id=found.run)


@contextmanager
def _started(work: Path) -> Iterator[Server]:
    home = work / "neo4j"
    for name in ("conf", "data", "logs", "plugins", "import", "run", "licenses"):
        (home / name).mkdir(parents=True)
    port = _free_port()
    settings = {
        "server.default_listen_address": "127.0.0.1",
        "server.bolt.listen_address": f"127.0.0.1:{port}",
        "server.bolt.advertised_address": f"127.0.0.1:{port}",
        "server.http.enabled": "false",
        "dbms.security.auth_enabled": "true",
        "server.memory.pagecache.size": "256m",
        "dbms.usage_report.enabled": "false",
        # a database that is emptied all the time would have every query planned again
        "dbms.cypher.min_replan_interval": "1h",
    }
    conf = "".join(f"{name}={value}\n" for name, value in settings.items())
    (home / "conf" / "neo4j.conf").write_text(conf, encoding="utf-8")
    log = home / "logs" / "console.log"
    # a short life is not worth the second compiler, which takes a core for a minute
    command = ["java", "-Xmx1g", "-XX:TieredStopAtLevel=1", *(f"--add-opens={name}=ALL-UNNAMED" for name in _OPENS)]
    command += ["-cp", str(_jars() / "*"), "org.neo4j.server.CommunityEntryPoint"]
    command += [f"--home-dir={home}", f"--config-dir={home / 'conf'}"]
    with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=output) as process:
        try:
            password = secrets.token_hex(12)
            found = Server(f"bolt://127.0.0.1:{port}", "neo4j", password, uuid.uuid4().hex)
            _log_in(found, process, log)
            listening = {c.laddr.port for c in psutil.Process(process.pid).net_connections() if c.status == "LISTEN"}
            if port not in listening:
                raise NoServer(f"Another program listens on port {port}.")
            yield found
        finally:
            process.kill()  # its data is thrown away: an orderly end takes six seconds


def _jars() -> Path:
    jars = CACHE / "lib"
    if (CACHE / "complete").exists():
        return jars
    missing = [name for name in ("mvn", "java") if shutil.which(name) is None]
    if missing:
        raise NoServer(f"{' and '.join(missing)} is not installed, so no Neo4j can be started. {LEAVE_OUT}")
    command = ["mvn", "-q", "-B", "-f", str(Path(__file__).parent / "neo4j" / "pom.xml")]
    # two runs at once must not write one jar: each brings its own, and the first one stays
    mine = CACHE / f"lib-{os.getpid()}"
    command += ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={mine}"]
    brought = subprocess.run(command, capture_output=True, text=True, check=False)
    if brought.returncode:
        raise NoServer(f"Maven could not bring Neo4j {VERSION}: {brought.stdout[-2000:]} {LEAVE_OUT}")
    try:
        mine.rename(jars)
    except OSError:
        shutil.rmtree(mine)
    (CACHE / "complete").touch()
    return jars


def _log_in(found: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server answers, and give its first user this run's password."""
    deadline = time.monotonic() + 90
    while True:
        try:
            with (
                neo4j.GraphDatabase.driver(found.url, auth=("neo4j", "neo4j")) as driver,
                driver.session(database="system") as session,
            ):
                session.run(
                    "ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $new", new=found.password
                ).consume()
            return
        except AuthError:
            raise
        except (DriverError, Neo4jError, OSError) as error:
            if process.poll() is not None or time.monotonic() > deadline:
                end = log.read_text(encoding="utf-8", errors="replace")[-2000:]
                raise NoServer(f"Neo4j did not start: {error}\n{end}\n{LEAVE_OUT}") from error
            time.sleep(0.3)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
