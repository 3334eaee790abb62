"""Developers' verbs: set the program up on a bare machine, run it, test it, time it, photograph it.

Only the standard library and Python 3.11 are needed; on Debian and Ubuntu missing system packages
are installed when this runs as root, else the command to type is shown. Nothing is installed
outside ``.venv`` and the system's packages.
"""

import argparse
import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")

MINIMUM = (3, 11)

#: What the window needs on Debian and Ubuntu, beyond what Qt's wheels carry.
RUN_PACKAGES = [
    *("ca-certificates", "fontconfig", "fonts-dejavu-core", "libdbus-1-3", "libegl1"),
    *("libfontconfig1", "libgl1", "libglib2.0-0", "libpulse0", "libxcb-cursor0"),
    *("libxcb-icccm4", "libxcb-image0", "libxcb-keysyms1", "libxcb-randr0"),
    *("libxcb-render-util0", "libxcb-shape0", "libxcb-xinerama0", "libxcb-xkb1"),
    *("libxkbcommon-x11-0", "libxkbcommon0", "libxrandr2", "python3-venv"),
]
#: What the tests need besides: a screen, a key ring, tools that look at processes, the servers to
#: which recordings are sent, and one of sound, so that what is played is really heard.
TEST_PACKAGES = [
    *(*RUN_PACKAGES, "dbus", "gnome-keyring", "procps", "xauth", "xvfb"),
    *("openssh-client", "openssh-server", "openssl", "pulseaudio", "pulseaudio-utils", "pure-ftpd"),
]


#: The lock files, each of which holds what the one before it holds, and more.
LOCKS = ["run", "dev"]

#: The tests that need neither a screen nor a minute of chaos, nor a night.
UNIT = "not journey and not chaos and not nightly"
#: Three at a time, also on two cores: many of them wait for a window or for a service.
SIDE_BY_SIDE = ("-n", "3", "--dist", "worksteal")

#: Where Debian keeps the certificates it trusts.
BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")


class Stop(Exception):  # noqa: N818  (the end of the run, with a sentence for the reader)
    """Nothing more can be done; the message says why and what to do."""


def environment() -> dict[str, str]:
    """The environment of everything started here: bytecode is kept, it makes starts faster."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"UV_SYSTEM_CERTS": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def run(*command: str | Path, env: Mapping[str, str] | None = None) -> None:
    """Run a command in the checkout; stop with its exit code if it fails."""
    code = subprocess.call([str(part) for part in command], cwd=HERE, env=env or environment())
    if code:
        raise SystemExit(code)


def install_packages(packages: Sequence[str]) -> None:
    """Make sure the system's packages are there (Debian and Ubuntu only)."""
    if not shutil.which("dpkg-query"):
        return
    query = ["dpkg-query", "--show", "--showformat=${Package}\t${db:Status-Status}\n"]
    known = subprocess.run([*query, *packages], capture_output=True, text=True, check=False).stdout
    present = {line.split("\t")[0] for line in known.splitlines() if line.endswith("\tinstalled")}
    missing = [package for package in packages if package not in present]
    missing = [package for package in missing if f"{package}t64" not in present]
    if not missing:
        return
    if os.geteuid() != 0:
        raise Stop(
            f"Some system packages are missing. Type:\n  sudo apt install {' '.join(missing)}"
        )
    print(f"Installing {len(missing)} system packages…", flush=True)
    apt = ["apt-get", "-q", "-y", "-o", "Dpkg::Use-Pty=0"]
    quiet = environment() | {"DEBIAN_FRONTEND": "noninteractive"}
    run(*apt, "update", env=quiet)
    run(*apt, "install", "--no-install-recommends", *missing, env=quiet)


def setup(lock: str = "dev") -> None:
    """Make ``.venv`` equal to a lock file, with the program in it."""
    if sys.version_info[:2] < MINIMUM:
        raise Stop("CX Desktop needs Python 3.11 or newer: start dev.py with a newer one.")
    before = trusted()  # installing ca-certificates writes the bundle anew, without an owner's own
    install_packages(RUN_PACKAGES if lock == "run" else TEST_PACKAGES)
    state = stated()
    stamp = VENV / "cx-stamp"
    present = stamp.read_text().split() if stamp.exists() else []
    if present in [[each, state] for each in LOCKS[LOCKS.index(lock) :]]:
        return
    stamp.unlink(missing_ok=True)
    env = environment()
    create(VENV)
    if authorities := b"\n".join([before, trusted()]).strip():
        (VENV / "cx-authorities.pem").write_bytes(authorities)
        env |= dict.fromkeys(("PIP_CERT", "SSL_CERT_FILE"), str(VENV / "cx-authorities.pem"))
    pip: list[str | Path] = [PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes"]
    uv_lock = HERE / "requirements" / "uv.lock"
    run(*pip, "--only-binary=:all:", "--requirement", uv_lock, env=env)
    sync(lock, PYTHON, env)
    project = ["--no-deps", "--no-build-isolation", "--editable"]
    run(BIN / "uv", "pip", "install", "--quiet", "--python", PYTHON, *project, HERE, env=env)
    stamp.write_text(f"{lock} {state}")


def setup_peers() -> Path:
    """Make ``.venv-peers``, in which the programs that we compare ours with live; its Python.

    Apart, since they bring other types for Qt along, which would mislead mypy.
    """
    venv = HERE / ".venv-peers"
    python = venv / PYTHON.relative_to(VENV)
    stamp, state = venv / "cx-stamp", stated()
    if not stamp.exists() or stamp.read_text() != state:
        create(venv)
        bundle = VENV / "cx-authorities.pem"
        trust = dict.fromkeys(("PIP_CERT", "SSL_CERT_FILE"), str(bundle)) if bundle.exists() else {}
        sync("bench", python, environment() | trust)
        stamp.write_text(state)
    return python


def stated() -> str:
    """What the lock files, the project's declaration and this Python amount to."""
    locks = sorted((HERE / "requirements").glob("*.lock"))
    content = b"".join(part.read_bytes() for part in [HERE / "pyproject.toml", *locks])
    return hashlib.sha256(content + sys.version.encode()).hexdigest()


def create(venv: Path) -> None:
    """Make a virtual environment, unless a working one is there."""
    python = venv / PYTHON.relative_to(VENV)
    if not python.exists() or subprocess.call([str(python), "-c", "import pip"]):
        run(sys.executable, "-m", "venv", "--clear", venv)


def sync(lock: str, python: Path, env: Mapping[str, str]) -> None:
    """Make the packages of an environment equal to a lock file."""
    wanted = HERE / "requirements" / f"{lock}.lock"
    words = ["pip", "sync", "--quiet", "--require-hashes", "--python"]
    run(BIN / "uv", *words, python, wanted, env=env)


def trusted() -> bytes:
    """Every certificate authority that this machine has been told to trust, as PEM text."""
    named = [os.environ.get(name, "") for name in ("PIP_CERT", "SSL_CERT_FILE")]
    files = {Path(name) for name in [*named, str(BUNDLE)] if name and Path(name).is_file()}
    return b"\n".join(file.read_bytes() for file in sorted(files))


def prepare(_arguments: argparse.Namespace) -> None:
    """Set up everything that the other verbs need."""
    setup()


@contextlib.contextmanager
def screen(size: str = "1600x1000x24") -> Iterator[dict[str, str]]:
    """A virtual screen of its own (Xvfb), as the environment to run in."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", size, "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as pipe:
            display = pipe.readline().strip()
        if not display:
            raise Stop("Xvfb did not start: is the package xvfb installed?")
        yield environment() | {"DISPLAY": f":{display}", "QT_QPA_PLATFORM": "xcb"}
    finally:
        server.terminate()
        server.wait()


def static() -> None:
    """Format, lint, types and layers."""
    run(BIN / "ruff", "format", "--check", "--quiet", ".")
    run(BIN / "ruff", "check", "--quiet", ".")
    run(BIN / "mypy")
    run(BIN / "lint-imports", "--no-logo")


def pytest(*arguments: str, env: Mapping[str, str] | None = None) -> None:
    """Run a part of the tests."""
    run(PYTHON, "-m", "pytest", *arguments, env=env)


def offscreen() -> dict[str, str]:
    """The environment of tests that draw nowhere."""
    return environment() | {"QT_QPA_PLATFORM": "offscreen"}


def test(arguments: argparse.Namespace) -> None:
    """Everything: static checks, unit tests side by side, then journeys on a virtual screen."""
    setup()
    if arguments.paths:
        with screen() as display:
            pytest(*arguments.paths, env=display)
        return
    static()
    new = ("--hypothesis-profile=explore",) if arguments.nightly else ()
    pytest("-q", *SIDE_BY_SIDE, *new, "-m", f"({UNIT}) or (chaos and not nightly)", env=offscreen())
    with screen() as display:
        pytest("-q", "-m", "journey and not nightly", env=display)
    if arguments.nightly:  # a line for each test that is done, and for each batch of the long ones
        pytest("-v", "-n", "auto", "--dist", "worksteal", *new, "-m", "nightly", env=offscreen())


def check(_arguments: argparse.Namespace) -> None:
    """Before a commit: static checks and the unit tests."""
    setup()
    static()
    pytest("-q", *SIDE_BY_SIDE, "-m", UNIT, env=offscreen())


def demo(arguments: argparse.Namespace) -> None:
    """Open the program on the embedded service with demo data."""
    setup("run")
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform == "linux" and not any(os.environ.get(name) for name in screens):
        raise Stop("There is no screen to open a window on: set DISPLAY, or run under xvfb-run.")
    run(BIN / "cx-desktop", "demo", *arguments.rest)


def bench(arguments: argparse.Namespace) -> None:
    """Measure, print a table, write benchmarks/results.json."""
    setup()
    peers = {"CX_PEERS_PYTHON": str(setup_peers())}
    with screen() as display:
        run(PYTHON, "-m", "benchmarks", *arguments.names, env=display | peers)


def pictures(arguments: argparse.Namespace) -> None:
    """Walk through the running program and save a picture of every page and dialog."""
    setup()
    scale = int(arguments.scale)
    size = f"{1280 * scale}x{800 * scale}x24"
    options = [f"--{name}={getattr(arguments, name)}" for name in ("out", "lang", "theme", "scale")]
    with screen(size) as display:
        only = ["--only", *arguments.only] if arguments.only else []
        run(
            PYTHON,
            "-m",
            "tests.tour",
            *options,
            *only,
            env=display | {"QT_SCALE_FACTOR": str(scale)},
        )


def text(_arguments: argparse.Namespace) -> None:
    """Compile the catalogue of words."""
    run(PYTHON, "-m", "cx_desktop.text.compile")


def lock(_arguments: argparse.Namespace) -> None:
    """Resolve the dependencies anew into requirements/*.lock."""
    setup()
    folder = HERE / "requirements"
    resolve: list[str | Path] = [
        BIN / "uv",
        "pip",
        "compile",
        "--quiet",
        "--universal",
        "--generate-hashes",
    ]
    resolve += ["--python-version", "3.11", "--no-header", "--upgrade"]
    groups: list[str | Path] = ["--group", "build"]
    run(*resolve, "pyproject.toml", *groups, "-o", folder / "run.lock")
    also = [*groups, "--group", "dev", "-c", folder / "run.lock"]
    run(*resolve, "pyproject.toml", *also, "-o", folder / "dev.lock")
    peers = ["--group", "peers", *also, "-c", folder / "dev.lock"]
    run(*resolve, "pyproject.toml", *peers, "-o", folder / "bench.lock")


def parser() -> argparse.ArgumentParser:
    """The command line."""
    root = argparse.ArgumentParser(prog="dev.py", description=__doc__)
    verbs = root.add_subparsers(required=True, metavar="verb")

    def verb(name: str, run: Callable[[argparse.Namespace], None]) -> argparse.ArgumentParser:
        added = verbs.add_parser(name, help=(run.__doc__ or "").splitlines()[0])
        added.set_defaults(run=run)
        return added

    verb("setup", prepare)
    verb("demo", demo).add_argument("rest", nargs=argparse.REMAINDER)
    tests = verb("test", test)
    tests.add_argument("--nightly", action="store_true", help="the long runs as well")
    tests.add_argument("paths", nargs="*", help="only these, on a virtual screen")
    verb("check", check)
    verb("bench", bench).add_argument("names", nargs="*", help="only these")
    tour = verb("pictures", pictures)
    tour.add_argument("--out", required=True, help="the folder for the PNG files")
    tour.add_argument("--lang", choices=("fr", "en"), default="fr")
    tour.add_argument("--theme", choices=("light", "dark"), default="light")
    tour.add_argument("--scale", choices=("1", "2"), default="1")
    tour.add_argument("--only", nargs="*", help="only pictures of these names")
    verb("text", text)
    verb("lock", lock)
    return root


def main() -> None:
    """Run the verb on the command line."""
    arguments = parser().parse_args()
    try:
        arguments.run(arguments)
    except Stop as stop:
        raise SystemExit(str(stop)) from None


if __name__ == "__main__":
    main()
