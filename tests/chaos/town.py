"""Three people, the service, and what happens to them: processes that are killed and start again.

Everything lives in one folder: the service's data, each client's profile, what each has said, and
what went to their standard errors. It stays when something was lost.
"""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from random import Random
from threading import Event
from time import monotonic
from typing import TypeVar

import msgspec
import trustme
from msgspec import Struct

from tests.chaos.driver import NOT_NOW, SIGNED_OUT
from tests.chaos.proxy import CALM, Proxy, Weather
from tests.chaos.telling import Open, Report, Round, Told

ROOT = Path(__file__).parent.parent.parent
#: Who they are: an account each; one of them has two computers.
PEOPLE = (("claire", "administrator"), ("leo", "flow_designer"), ("leo2", "flow_designer"))
PATIENCE = 60.0
#: Five to agree, and one in which that shows.
ROUNDS = 6

WEATHERS = (
    CALM,
    CALM,
    Weather(delay=0.2),
    Weather(delay=0.05, rate=40_000),
    Weather(cut=0.1),
    Weather(delay=0.02, cut=0.03),
    Weather(corrupt=0.1),
    Weather(corrupt=0.02, delay=0.05),
    Weather(is_away=True),
)

Answer = TypeVar("Answer", Open, Round, Report)

_DECODER = msgspec.json.Decoder(Told)


class ServiceChild:
    """``cx-desktop serve`` with TLS, on one folder and one port."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0
        self.accounts: list[dict[str, str]] = []
        self.ca = folder / "ca.pem"
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(self.ca))
        leaf = authority.issue_cert("127.0.0.1")
        leaf.private_key_pem.write_to_path(str(folder / "key.pem"))
        for part in leaf.cert_chain_pems:
            part.write_to_path(str(folder / "certificate.pem"), append=True)

    @property
    def database(self) -> Path:
        return self._folder / "service" / "service.db"

    def start(self) -> None:
        words = ["serve", "--demo", "--data-dir", self._folder / "service", "--port", self.port]
        tls = ["--tls-cert", self._folder / "certificate.pem", "--tls-key"]
        with (self._folder / "service.err").open("ab") as errors:
            self._process = subprocess.Popen(  # noqa: S603  (our own program)
                [
                    sys.executable,
                    "-m",
                    "cx_desktop",
                    *map(str, [*words, *tls]),
                    str(self._folder / "key.pem"),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=ROOT,
            )
        assert self._process.stdout is not None
        told = json.loads(self._process.stdout.readline())
        self.port = int(told["url"].rsplit(":", 1)[-1])
        self.accounts = told["accounts"]

    def end(self, how: signal.Signals = signal.SIGKILL) -> None:
        process, self._process = self._process, None
        _ended(process, how)
        if process is not None and process.stdout is not None:
            process.stdout.close()

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None


class ClientChild:
    """A person at a computer. What is said in all lives is kept, in order."""

    def __init__(self, folder: Path, name: str, proxy: Proxy, seed: int) -> None:
        self.name = name
        self.proxy = proxy
        self.lives: list[list[Told]] = []
        self._folder = folder
        self._seed = seed
        self._process: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None
        self._heard = threading.Condition()
        self._is_silent = False

    def furnish(self, account: dict[str, str]) -> None:
        """Write down who signs in here."""
        self._credentials.write_text(
            f"server: https://127.0.0.1:{self.proxy.port}\nusername: {account['username']}\n"
            f"password: '{account['password']}'\ntotp_secret: {account['totp_secret']}\n"
        )
        self._credentials.chmod(0o600)

    @property
    def _credentials(self) -> Path:
        return self._folder / f"{self.name}.yaml"

    @property
    def exit_code(self) -> int | None:
        """Why it ended by itself, if it did."""
        return None if self._process is None else self._process.poll()

    def start(self) -> None:
        words = [self._folder / self.name, self._credentials, self._folder / "ca.pem", self.name]
        with (self._folder / f"{self.name}.err").open("ab") as errors:
            self._process = subprocess.Popen(  # noqa: S603  (our own program)
                [
                    sys.executable,
                    "-m",
                    "tests.chaos.driver",
                    *map(str, words),
                    f"{self._seed + len(self.lives)}",
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=ROOT,
            )
        self.lives.append([])
        self._is_silent = False
        self._reader = threading.Thread(target=self._read, args=[self._process], daemon=True)
        self._reader.start()

    def end(self, how: signal.Signals = signal.SIGKILL) -> None:
        process, self._process = self._process, None
        _ended(process, how)
        if process is not None and process.stdout is not None and self._reader is not None:
            self._reader.join()  # it has read all that was said
            process.stdout.close()

    def ask(self, word: str, kind: type[Answer]) -> Answer | None:
        """Give an order, and wait for what answers it; nothing if it ended instead."""
        before = len(self._said(kind))
        self._order(word)
        return self._next(kind, before)

    def opened(self) -> bool:
        """Wait until the profile is open; whether it is."""
        return self._next(Open, 0) is not None

    def _order(self, word: str) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.write(f"{word}\n".encode())
            self._process.stdin.flush()

    def _next(self, kind: type[Answer], before: int) -> Answer | None:
        with self._heard:
            is_over = self._heard.wait_for(
                lambda: len(self._said(kind)) > before or self._is_silent, PATIENCE
            )
        assert is_over, f"{self.name} does not answer with {kind.__name__}"
        said = self._said(kind)
        return said[-1] if len(said) > before else None

    def _said(self, kind: type[Answer]) -> list[Answer]:
        return [each for each in self.lives[-1] if isinstance(each, kind)]

    def _read(self, process: "subprocess.Popen[bytes]") -> None:
        life = self.lives[-1]
        assert process.stdout is not None
        for line in process.stdout:
            with (self._folder / f"{self.name}.said").open("ab") as said:
                said.write(line)
            with self._heard:
                life.append(_DECODER.decode(line))
                self._heard.notify_all()
        with self._heard:
            self._is_silent = True
            self._heard.notify_all()


class Counts(Struct):
    """What was done to them."""

    client_kills: int = 0
    service_kills: int = 0
    weathers: int = 0
    sign_ins: int = 0
    """Sessions that were over, so that a client had to sign in anew."""
    rounds: int = 0


class Town:
    """All of them, in one folder, and a seed by which things happen to them."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.counts = Counts()
        self._last_rounds: list[list[Round]] = []
        self.service = ServiceChild(folder)
        self._random = Random(seed)  # noqa: S311  (repeatable misfortunes)
        self.proxies = [Proxy(seed + n) for n in range(len(PEOPLE))]
        self.clients = [
            ClientChild(folder, name, proxy, seed)
            for (name, _role), proxy in zip(PEOPLE, self.proxies, strict=True)
        ]

    @contextmanager
    def awake(self) -> Iterator[None]:
        """Everybody is there; at the end nobody is."""
        with ExitStack() as leaving:
            for proxy in self.proxies:
                leaving.enter_context(proxy)
            leaving.callback(self.service.end)
            self._start_service()
            for client, (_name, role) in zip(self.clients, PEOPLE, strict=True):
                leaving.callback(client.end)
                client.furnish(next(a for a in self.service.accounts if a["role"] == role))
                client.start()
                assert client.opened(), f"{client.name} cannot sign in"
            yield

    def disturb(self, seconds: float) -> None:
        """Kill, restart, and let the weather change, for so long."""
        end = monotonic() + seconds
        while monotonic() < end:
            self._something_happens()
            Event().wait(self._random.uniform(0.1, 1.5))
            self._look_after_everybody()

    def settle(self) -> list[Report]:
        """No more faults: what everybody has after a few rounds."""
        for proxy in self.proxies:
            proxy.change(CALM)
        self._look_after_everybody()
        while not self._is_settled():
            self.counts.rounds += 1
            assert self.counts.rounds <= ROUNDS, f"they do not come to rest: {self._last_rounds}"
        return [self._asked(client, "report", Report) for client in self.clients]

    def _is_settled(self) -> bool:
        """Whether in a whole round nobody had anything to decide or to send."""
        rounds = [self._asked(client, "round", Round) for client in self.clients]
        self._last_rounds.append(rounds)
        return all(each.is_all_synced and not each.moved for each in rounds)

    def _asked(self, client: ClientChild, word: str, kind: type[Answer]) -> Answer:
        for _ in range(3):
            if (said := client.ask(word, kind)) is not None:
                return said
            self._look_after(client)
            client.opened()
        raise AssertionError(f"{client.name} ends again and again")

    def _something_happens(self) -> None:
        chance = self._random.random()
        if chance < 0.25:
            self._kill(self._random.choice(self.clients))
        elif chance < 0.33:
            self.counts.service_kills += 1
            self.service.end()
            Event().wait(self._random.uniform(0, 1.5))
            self._start_service()
        else:
            self.counts.weathers += 1
            weather = self._random.choice(WEATHERS)
            whose = [self._random.choice(self.proxies)] if chance < 0.85 else self.proxies
            for proxy in whose:
                proxy.change(weather)

    def _kill(self, client: ClientChild) -> None:
        self.counts.client_kills += 1
        client.end()
        Event().wait(self._random.uniform(0, 0.5))
        client.start()

    def _start_service(self) -> None:
        self.service.start()
        for proxy in self.proxies:
            proxy.target = self.service.port

    def _look_after_everybody(self) -> None:
        assert self.service.is_alive, "the service has ended by itself"
        for client in self.clients:
            self._look_after(client)

    def _look_after(self, client: ClientChild) -> None:
        """Start again who ended for a reason; any other end is a bug."""
        code = client.exit_code
        if code is not None:
            assert code in {NOT_NOW, SIGNED_OUT}, f"{client.name} has ended with {code}"
            self.counts.sign_ins += code == SIGNED_OUT
            client.end()
            client.start()


def _ended(process: "subprocess.Popen[bytes] | None", how: signal.Signals) -> None:
    if process is None:
        return
    process.send_signal(how)
    process.wait(PATIENCE)
    assert process.stdin is not None
    with suppress(BrokenPipeError):
        process.stdin.close()
