"""Servers, their visitors and their provider as processes. The server has the first core, and its
visitors and the provider have the second."""

import atexit
import base64
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
RELEASE, VENV = TARGET / "release", TARGET / "servers"
PROVIDER = {
    "ISSUER": "http://127.0.0.1:7000/oidc",
    "CLIENT_ID": "local-demo-app",
    "CLIENT_SECRET": "lpsecret-client",
}
# A test key: anyone can read it here.
KEY = base64.b64encode(bytes(range(64))).decode()
TICKS = os.sysconf("SC_CLK_TCK")


STARTED = []


def argument(name):
    """The word after this option, or None."""
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else None


def spawn(command, **options):
    """A process that ends with this one, in a group of its own."""
    process = subprocess.Popen(list(map(str, command)), start_new_session=True, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, **options)
    STARTED.append(process)
    return process


@atexit.register
def stop_all():
    for process in STARTED:
        stop(process)


def stop(process):
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class Server:
    """A server as a process with its children."""

    def __init__(self, name, command, port):
        self.name, self.port, self.origin = name, port, f"http://127.0.0.1:{port}"
        self.command = ["taskset", "--cpu-list", "0", *command]
        self.process = None

    def start(self):
        """Seconds until the first answer."""
        environment = os.environ | PROVIDER | {"PORT": str(self.port), "SESSION_KEY": KEY}
        begun = time.monotonic()
        self.process = spawn(self.command, env=environment, cwd=HERE)
        wait_for(f"{self.origin}/healthz", self.process)
        return time.monotonic() - begun

    def stop(self):
        stop(self.process)

    def processes(self):
        found, queue = [], [self.process.pid]
        while queue:
            pid = queue.pop()
            found.append(pid)
            queue += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        return found

    def cpu(self):
        """Seconds of CPU time so far."""
        def of(pid):
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            return (int(fields[11]) + int(fields[12])) / TICKS
        return sum(map(of, self.processes()))

    def memory(self, row="VmRSS"):
        """Resident MiB; with VmHWM, the most so far."""
        def of(pid):
            lines = Path(f"/proc/{pid}/status").read_text().splitlines()
            return next(int(line.split()[1]) for line in lines if line.startswith(f"{row}:")) / 1024
        return sum(map(of, self.processes()))


def wait_for(url, process):
    for _ in range(60_000):
        try:
            urllib.request.urlopen(url).read()
        except urllib.error.HTTPError:
            pass
        except OSError:
            time.sleep(0.001)
            if process.poll() is None:
                continue
        if process.poll() is not None:
            sys.exit(f"{process.args} ended with status {process.returncode}")
        return
    sys.exit(f"{url} does not answer")


def load(*arguments):
    command = ["taskset", "--cpu-list", "1", RELEASE / "load", *map(str, arguments)]
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout.strip()


def cargo(command, *arguments):
    options = ["--quiet", "--release", "--locked", "--target-dir", TARGET]
    subprocess.run(list(map(str, ["cargo", command, *options, *arguments])), check=True)


def build_rust():
    cargo("build", "--manifest-path", HERE / "Cargo.toml")
    cargo("build", "--manifest-path", ROOT / "Cargo.toml", "--package", "tower-phone-auth-local-provider")
    VENV.mkdir(parents=True, exist_ok=True)


def build():
    build_rust()
    subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
    pip = [VENV / "bin/pip", "install", "--quiet", "--disable-pip-version-check", "-r"]
    subprocess.run([*pip, HERE / "python/requirements.txt"], check=True)
    shutil.copytree(HERE / "node", VENV / "node", dirs_exist_ok=True)
    subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=VENV / "node", check=True)


def servers():
    gunicorn = [VENV / "bin/gunicorn", "--workers", "1", "--worker-class", "gthread", "--threads", "8",
                "--keep-alive", "60", "--chdir", HERE / "python"]
    uvicorn = [VENV / "bin/uvicorn", "--no-access-log", "--log-level", "warning", "--app-dir", HERE / "python"]
    all_servers = [
        Server("bare axum", [RELEASE / "bare"], 7001),
        Server("this crate", [RELEASE / "ours"], 7002),
        Server("axum-login", [RELEASE / "axum_login"], 7003),
        Server("Starlette + Authlib", [*uvicorn, "--port", 7004, "starlette_app:app"], 7004),
        Server("Flask + Authlib", [*gunicorn, "--bind", "127.0.0.1:7005", "flask_app:app"], 7005),
        Server("express-openid-connect", ["node", VENV / "node/server.js"], 7006),
    ]
    names = argument("--only")
    return [server for server in all_servers if not names or server.name in names.split(",")]


def provider():
    config = VENV / "provider.toml"
    # Authlib refuses a key set with a key that it cannot read.
    config.write_text('listen = "127.0.0.1:7000"\n[application]\nauto_sign_in = true\n'
                      '[oidc]\nstrange_keys = false\n')
    command = ["taskset", "--cpu-list", "1", RELEASE / "tower-phone-auth-local-provider", "--config", config]
    process = spawn(command)
    wait_for("http://127.0.0.1:7000/oidc/.well-known/openid-configuration", process)
    return process
