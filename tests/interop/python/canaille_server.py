"""Canaille, an identity server on Authlib, on a loopback port and in memory.

It prints its issuer when it is ready, and ends when its standard input is closed.
"""

import sys
import threading

from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from canaille.oidc.jose import make_default_okp_jwk, make_default_rsa_jwk
from werkzeug.serving import make_server

KEYS = [make_default_okp_jwk(), make_default_rsa_jwk()]
SCOPES = ["openid", "profile", "email", "phone"]


class Late:
    """Calls the application, which is made after the server because it needs the port."""

    app = None

    def __call__(self, environ, start_response):
        return self.app(environ, start_response)


def fill(backend):
    for client_id, secret, algorithm, method in [
        ("rs256", "plain", "RS256", "client_secret_basic"),
        ("eddsa", "a secret/with:+%&=~", "EdDSA", "client_secret_post"),
        ("special", "a secret/with:+%&=~", "RS256", "client_secret_basic"),
        ("public", None, "RS256", "none"),
    ]:
        client = models.Client(
            client_id=client_id,
            client_name="Shop",
            client_uri="https://shop.example.com",
            client_secret=secret,
            redirect_uris=["http://127.0.0.1:3000/auth/callback/oidc"],
            grant_types=["authorization_code"],
            response_types=["code"],
            scope=SCOPES,
            token_endpoint_auth_method=method,
            id_token_signed_response_alg=algorithm,
        )
        backend.save(client)
        client.audience = [client]
        backend.save(client)
    for name, numbers in [("jane", ["+821012345678"]), ("phoneless", [])]:
        backend.save(
            models.User(
                user_name=name,
                formatted_name=f"Person {name}",
                family_name=name,
                emails=[f"{name}@example.com"],
                phone_numbers=numbers,
                password="secret",
            )
        )


late = Late()
server = make_server("127.0.0.1", 0, late, threaded=True)
late.app = create_app(
    {
        "SECRET_KEY": "interop",
        "SERVER_NAME": f"127.0.0.1:{server.port}",
        "PREFERRED_URL_SCHEME": "http",
        "CANAILLE": {"FORCE_HTTPS": False, "LOGGING": {"version": 1}},
        "CANAILLE_OIDC": {"ACTIVE_JWKS": [key.as_dict(private=True) for key in KEYS]},
    }
)
with late.app.app_context(), Backend.instance.session():
    fill(Backend.instance)

threading.Thread(target=server.serve_forever, daemon=True).start()
print(f"http://127.0.0.1:{server.port}", flush=True)
sys.stdin.read()
