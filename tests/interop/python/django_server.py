"""django-oauth-toolkit on a loopback port, with a database in memory.

It prints its issuer when it is ready, and ends when its standard input is closed.
"""

import os
import sys
import threading

import django
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from werkzeug.serving import make_server

os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
    serialization.Encoding.PEM,
    serialization.PrivateFormat.PKCS8,
    serialization.NoEncryption(),
)
NUMBER = "+821012345678"
USERS = {
    "jane": {"phone_number": NUMBER, "phone_number_verified": True},
    "unverified": {"phone_number": NUMBER, "phone_number_verified": False},
    "text": {"phone_number": NUMBER, "phone_number_verified": "true"},
    "phoneless": {},
}

settings.configure(
    DEBUG=True,
    SECRET_KEY="interop",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    LOGIN_URL="/login",
    USE_TZ=True,
    LOGGING_CONFIG=None,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "oauth2_provider",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
        }
    ],
    OAUTH2_PROVIDER={
        "OIDC_ENABLED": True,
        "OIDC_RSA_PRIVATE_KEY": KEY.decode(),
        "OAUTH2_VALIDATOR_CLASS": f"{__name__}.Claims",
        "SCOPES": {scope: scope for scope in ["openid", "profile", "email", "phone"]},
    },
)
django.setup()

from django.contrib.auth import authenticate, login  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpResponse, HttpResponseRedirect  # noqa: E402
from django.middleware.csrf import get_token  # noqa: E402
from django.urls import include, path  # noqa: E402
from oauth2_provider.models import Application  # noqa: E402
from oauth2_provider.oauth2_validators import OAuth2Validator  # noqa: E402


class Claims(OAuth2Validator):
    def get_additional_claims(self, request):
        name = request.user.username
        return {
            "sub": name,
            "name": f"Person {name}",
            "email": f"{name}@example.com",
            "email_verified": True,
            **USERS[name],
        }


def page(request):
    if request.method == "POST":
        user = authenticate(username=request.POST["username"], password=request.POST["password"])
        login(request, user)
        return HttpResponseRedirect(request.GET["next"])
    return HttpResponse(
        f"""<form action="" method="post">
        <input type="hidden" name="csrfmiddlewaretoken" value="{get_token(request)}">
        <input name="username"><input name="password"></form>"""
    )


urlpatterns = [path("login", page), path("o/", include("oauth2_provider.urls"))]

call_command("migrate", verbosity=0)
for name in USERS:
    User.objects.create_user(name, password="secret")
Application.objects.create(
    client_id="shop",
    client_secret="a secret/with:+%&=~",
    client_type=Application.CLIENT_CONFIDENTIAL,
    authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
    redirect_uris="http://127.0.0.1:3000/auth/callback/oidc",
    algorithm="RS256",
)


def until_the_end():
    sys.stdin.read()
    os._exit(0)


# The database in memory belongs to this thread, so the server uses no other.
server = make_server("127.0.0.1", 0, get_wsgi_application())
threading.Thread(target=until_the_end, daemon=True).start()
print(f"http://127.0.0.1:{server.port}/o", flush=True)
server.serve_forever()
