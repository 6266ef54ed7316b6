"""Runs plans of the OpenID Foundation's conformance suite against the example, by the suite's API.

plans.py PROGRAM [WORD...]    WORD: only modules whose name contains one of the words
"""

import base64
import http.cookiejar
import json
import os
import re
import secrets
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

SUITE = os.environ["FOUNDATION_SUITE"].rstrip("/")
TOKEN = os.environ.get("FOUNDATION_TOKEN")
LISTEN = os.environ.get("LISTEN_ADDR", "127.0.0.1:3000")
ORIGIN = os.environ.get("PUBLIC_URL", "http://" + LISTEN).rstrip("/")
ALIAS = "tower-phone-auth-" + secrets.token_hex(4)
CLIENT, SECRET = "tower-phone-auth", secrets.token_hex(16)

BASIC = "oidcc-client-basic-certification-test-plan"
CONFIG = "oidcc-client-config-certification-test-plan"
RP_LOGOUT = "oidcc-client-rp-initiated-logout-rp-basic"
BACK_CHANNEL = "oidcc-client-back-channel-logout-rp-basic"
STATIC = {"client_registration": "static_client", "request_type": "plain_http_request"}
# The plan Basic sets these two itself.
FURTHER = {**STATIC, "client_auth_type": "client_secret_basic", "response_mode": "default"}
PLANS = {BASIC: STATIC, CONFIG: FURTHER, RP_LOGOUT: FURTHER, BACK_CHANNEL: FURTHER}
GOOD = {"PASSED", "SKIPPED", "WARNING", "REVIEW"}

# The seconds for the example to start, and for the suite to decide on a module.
START, DECISION = 60, 30


class Failed(Exception):
    """The suite or the example does not behave as this program needs."""


def api(method, path, body=None, **parameters):
    query = urllib.parse.urlencode(parameters)
    request = urllib.request.Request(
        f"{SUITE}/api/{path}" + (f"?{query}" if query else ""),
        data=None if body is None else json.dumps(body).encode(),
        method=method,
        headers={"Content-Type": "application/json", "Accept": "application/json"},
    )
    if TOKEN:
        request.add_header("Authorization", f"Bearer {TOKEN}")
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise Failed(f"{method} {path}: {error.code} {error.read(500)!r}") from error
    except (urllib.error.URLError, ValueError) as error:
        raise Failed(f"{method} {path}: {error}") from error


class Browser:
    """Keeps cookies and follows redirects; the suite shows no page."""

    def __init__(self):
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(cookies)

    def call(self, path, data=None):
        request = urllib.request.Request(ORIGIN + path, data=data)
        request.add_header("Accept", "text/html")
        request.add_header("Sec-Fetch-Mode", "navigate")
        request.add_header("Sec-Fetch-Site", "none" if data is None else "same-origin")
        try:
            with self.opener.open(request, timeout=60) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            # The suite may close the connection without an answer. Its result of the module counts.
            return 0

    def signs_in(self):
        return self.call("/me")

    def signs_out(self):
        return self.call("/auth/logout", b"")


class Example:
    """One process of the example, and its log."""

    def __init__(self, program, signs_out_at_provider):
        settings = {
            "LISTEN_ADDR": LISTEN,
            "PUBLIC_URL": ORIGIN,
            "OAUTH_PROVIDER": "oidc",
            "OIDC_ISSUER": f"{SUITE}/test/a/{ALIAS}/",
            "OAUTH_CLIENT_ID": CLIENT,
            "OAUTH_CLIENT_SECRET": SECRET,
            "SESSION_KEY": base64.b64encode(secrets.token_bytes(64)).decode(),
            "OIDC_SCOPES": "openid profile email phone",
            "OIDC_CLAIMS_PARAMETER": "off",
            "OIDC_USERINFO": "on",
            # The suite announces every algorithm, and accepts only that of the client's registration.
            "OIDC_ALGORITHMS": "RS256",
            "PHONE_POLICY": "unverified",
            "ALLOW_TEST_ENDPOINTS": "1",
        }
        if signs_out_at_provider:
            settings["LOGOUT_AT_PROVIDER"] = "1"
        self.process = subprocess.Popen(
            [program],
            env={**os.environ, **settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.log = []
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stderr:
            self.log.append(re.sub(r"\x1b\[[0-9;]*m", "", line.rstrip()))

    def __enter__(self):
        end = time.monotonic() + START
        while time.monotonic() < end and self.process.poll() is None:
            if Browser().call("/healthz") == 200:
                return self
            time.sleep(0.2)
        self.stop()
        raise Failed("the example does not start: " + " | ".join(self.log[-3:]))

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.reader.join(5)

    def refusal(self):
        """The last refusal or error in the log, as a line of the crate."""
        own = [line for line in self.log if "tower_phone_auth" in line]
        lines = [line for line in own if "refused" in line] or [
            line for line in own if "ERROR" in line
        ]
        return lines[-1] if lines else ""


def act(plan, module):
    """Does what a user does in the module of this name."""
    if module.endswith(("discovery-openid-config", "discovery-jwks-uri-keys")):
        # These modules are decided by the requests at the start.
        return
    browser = Browser()
    browser.signs_in()
    if module.endswith("signing-key-rotation"):
        Browser().signs_in()
    if plan in (RP_LOGOUT, BACK_CHANNEL):
        browser.signs_out()


def wait_for(test, states, seconds):
    end = time.monotonic() + seconds
    while True:
        found = api("GET", f"info/{test}")
        if found["status"] in states or time.monotonic() > end:
            return found
        time.sleep(0.5)


def run(program, plan, plan_id, module):
    """Runs one module. Returns its result and the last refusal in the example's log."""
    name = module["testModule"]
    variant = json.dumps(module.get("variant") or {})
    test = api("POST", "runner", test=name, plan=plan_id, variant=variant)["id"]
    ended = {"FINISHED", "INTERRUPTED"}
    if wait_for(test, {"CONFIGURED", "WAITING"} | ended, 60)["status"] == "CONFIGURED":
        api("POST", f"runner/{test}")
    wait_for(test, {"WAITING"} | ended, 60)
    with Example(program, plan in (RP_LOGOUT, BACK_CHANNEL)) as example:
        act(plan, name)
        found = wait_for(test, ended, DECISION)
    if found["status"] not in ended:
        return "NEVER ENDS", example.refusal()
    return found.get("result") or found["status"], example.refusal()


def configuration(plan):
    return {
        "alias": ALIAS,
        "description": f"tower-phone-auth, {plan}",
        "client": {
            "client_id": CLIENT,
            "client_secret": SECRET,
            "redirect_uri": f"{ORIGIN}/auth/callback/oidc",
            "post_logout_redirect_uri": f"{ORIGIN}/auth/logout/done",
            "backchannel_logout_uri": f"{ORIGIN}/auth/events/oidc",
        },
    }


def main(program, words):
    bad = count = 0
    for plan, variant in PLANS.items():
        variant = json.dumps(variant)
        made = api("POST", "plan", configuration(plan), planName=plan, variant=variant)
        print(f"{plan}: {SUITE}/plan-detail.html?plan={made['id']}")
        for module in made["modules"]:
            name = module["testModule"]
            if words and not any(word in name for word in words):
                continue
            try:
                result, refusal = run(program, plan, made["id"], module)
            except Failed as error:
                result, refusal = "NOT RUN", str(error)
            count += 1
            bad += result not in GOOD
            print(f"  {result:11} {name}  {refusal}", flush=True)
    print(f"{count} modules, {bad} not passed")
    return 1 if bad or not count else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1], sys.argv[2:]))
    except Failed as error:
        sys.exit(str(error))
