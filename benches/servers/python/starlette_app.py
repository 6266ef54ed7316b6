"""Starlette with Authlib, in the way of its documentation: the session is a signed cookie."""

import os

from authlib.integrations.starlette_client import OAuth
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.routing import Route

ISSUER = os.environ["ISSUER"]
ORIGIN = f"http://127.0.0.1:{os.environ['PORT']}"

oauth = OAuth()
oauth.register(
    "provider",
    client_id=os.environ["CLIENT_ID"],
    client_secret=os.environ["CLIENT_SECRET"],
    server_metadata_url=f"{ISSUER}/.well-known/openid-configuration",
    client_kwargs={"scope": "openid phone"},
)


async def hello(request):
    user = request.session.get("user")
    return PlainTextResponse(f"Hello, {user['phone']}") if user else RedirectResponse("/login")


async def healthz(_):
    return PlainTextResponse("ok")


async def login(request):
    return await oauth.provider.authorize_redirect(request, f"{ORIGIN}/callback")


async def callback(request):
    token = await oauth.provider.authorize_access_token(request)
    profile = await oauth.provider.userinfo(token=token)
    request.session["user"] = {"subject": profile["sub"], "phone": profile["phone_number"]}
    return RedirectResponse("/")


app = Starlette(
    routes=[
        Route("/", hello),
        Route("/healthz", healthz),
        Route("/login", login),
        Route("/callback", callback),
    ],
    middleware=[Middleware(SessionMiddleware, secret_key=os.environ["SESSION_KEY"])],
)
