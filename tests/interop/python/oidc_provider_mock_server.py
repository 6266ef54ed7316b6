"""oidc-provider-mock, on Authlib, on a loopback port. It accepts any client.

It prints its issuer when it is ready, and ends when its standard input is closed.
"""

import sys
import threading

import oidc_provider_mock
from werkzeug.serving import make_server

NUMBER = "+821012345678"


def user(sub, **claims):
    claims |= {"name": f"Person {sub}", "email": f"{sub}@example.com"}
    return oidc_provider_mock.User(sub=sub, claims=claims)


app = oidc_provider_mock.app(
    user_claims=[
        user("jane", phone_number=NUMBER, phone_number_verified=True),
        user("false", phone_number=NUMBER, phone_number_verified=False),
        user("text", phone_number=NUMBER, phone_number_verified="true"),
        user("one", phone_number=NUMBER, phone_number_verified=1),
        user("unsaid", phone_number=NUMBER),
        user("phoneless"),
    ]
)
server = make_server("127.0.0.1", 0, app, threaded=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(f"http://127.0.0.1:{server.port}", flush=True)
sys.stdin.read()
