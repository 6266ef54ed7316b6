"""Flask with Authlib, in the way of its documentation: the session is a signed cookie."""

import os

from authlib.integrations.flask_client import OAuth
from flask import Flask, redirect, session

ISSUER = os.environ["ISSUER"]
ORIGIN = f"http://127.0.0.1:{os.environ['PORT']}"

app = Flask(__name__)
app.secret_key = os.environ["SESSION_KEY"]
oauth = OAuth(app)
oauth.register(
    "provider",
    client_id=os.environ["CLIENT_ID"],
    client_secret=os.environ["CLIENT_SECRET"],
    server_metadata_url=f"{ISSUER}/.well-known/openid-configuration",
    client_kwargs={"scope": "openid phone"},
)


@app.get("/")
def hello():
    user = session.get("user")
    return f"Hello, {user['phone']}" if user else redirect("/login")


@app.get("/healthz")
def healthz():
    return "ok"


@app.get("/login")
def login():
    return oauth.provider.authorize_redirect(f"{ORIGIN}/callback")


@app.get("/callback")
def callback():
    token = oauth.provider.authorize_access_token()
    profile = oauth.provider.userinfo(token=token)
    session["user"] = {"subject": profile["sub"], "phone": profile["phone_number"]}
    return redirect("/")
