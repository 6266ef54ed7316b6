// The script of the page. The session is a cookie that no script can read, so there is no token
// here: the script asks the API who the user is.

const TEXTS = {
  en: {
    shop: "Shop", signIn: "Sign in", signOut: "Sign out", account: "Your number", orders: "Order",
    item: "What would you like?", send: "Order", ordered: "Ordered: ",
    signedOut: "Sign in to order. The shop calls you at your number.",
    ended: "Your session has ended. Sign in to continue.",
    changed: "You are signed in with another account now. Nothing was ordered.",
    failed: "That did not work. Please try again.",
  },
  ko: {
    shop: "상점", signIn: "로그인", signOut: "로그아웃", account: "내 전화번호", orders: "주문하기",
    item: "무엇을 주문하시겠어요?", send: "주문", ordered: "주문했습니다: ",
    signedOut: "로그인하고 주문해 보세요. 등록된 번호로 연락드립니다.",
    ended: "로그인이 만료되었습니다. 다시 로그인하면 하던 일을 이어서 할 수 있습니다.",
    changed: "다른 계정으로 로그인되어 있어 주문하지 않았습니다.",
    failed: "요청을 처리하지 못했습니다. 다시 시도해 주세요.",
  },
};
const languages = navigator.languages.map((tag) => tag.split("-")[0]);
const language = languages.find((tag) => tag in TEXTS) ?? "en";
const text = TEXTS[language];
const element = (id) => document.getElementById(id);
let user = null; // the answer of /api/me
let login = null; // the address of the sign-in, if one is needed

// Sends a request to the API. Throws the problem document if the API refuses.
async function call(path, options) {
  const response = await fetch(path, options);
  if (response.ok) return response.json();
  throw await response.json().catch(() => ({ status: response.status }));
}

// Shows what went wrong. A 401 does not leave the page: what the user wrote stays, and a link leads
// to the sign-in and back to this view.
function refused(problem) {
  if (problem.status !== 401 || !problem.login_url) {
    element("notice").textContent = text.failed;
    return;
  }
  element("notice").textContent = user ? text.ended : text.signedOut;
  element("sign-out").hidden = true;
  login = new URL(problem.login_url);
  show();
}

// The text that the user is writing, kept for this user alone until it is sent.
const draft = () => `draft of ${user.subject}`;
element("item").oninput = (event) => sessionStorage.setItem(draft(), event.target.value);

// Asks who the user is, and shows the page of that user.
async function start(notice = "") {
  login = null;
  element("signed-in").hidden = true;
  try {
    user = await call("/api/me");
  } catch (problem) {
    user = null;
    return refused(problem);
  }
  element("phone").textContent = user.phone;
  element("national").textContent = user.national;
  element("item").value = sessionStorage.getItem(draft()) ?? "";
  element("notice").textContent = notice;
  element("signed-in").hidden = element("sign-out").hidden = false;
  show();
}

// Another tab may have signed in as another user, or signed out. The page asks when its user comes
// back to it.
async function check() {
  try {
    const { subject } = await call("/api/me");
    const isOther = user && subject !== user.subject;
    if (login || !user || isOther) await start(isOther ? text.changed : "");
  } catch (problem) {
    if (problem.status === 401) refused(problem);
  }
}
addEventListener("focus", check);
document.addEventListener("visibilitychange", () => document.hidden || check());

element("order").onsubmit = async (event) => {
  event.preventDefault();
  // The API takes no order of one user in the session of another one.
  const body = JSON.stringify({ user: user.subject, item: element("item").value });
  const headers = { "content-type": "application/json" };
  try {
    const order = await call("/api/orders", { method: "POST", headers, body });
    sessionStorage.removeItem(draft());
    element("item").value = "";
    if (login) await start(); // the user signed in in another tab meanwhile
    element("notice").textContent = text.ordered + order.item;
  } catch (problem) {
    if (problem.status === 409) return start(text.changed);
    refused(problem);
  }
};

element("sign-out").onclick = async () => {
  // 204. With several replicas 202 is possible: not all of them know the sign-out yet.
  const response = await fetch("/auth/logout", { method: "POST" }).catch(() => null);
  if (!response?.ok) return refused({});
  sessionStorage.clear();
  await start();
};

// Shows the view that the address names, and a link to a sign-in that leads back to this address.
function show() {
  for (const view of document.querySelectorAll("[data-view]"))
    view.hidden = view.dataset.view !== location.pathname;
  const here = location.pathname + location.search + location.hash;
  login?.searchParams.set("return_to", here);
  element("sign-in").href = login ?? "";
  element("sign-in").hidden = !login;
}
// A link to another view loads no page.
for (const link of document.querySelectorAll("section a"))
  link.onclick = (event) => {
    event.preventDefault();
    history.pushState(null, "", link.href);
    show();
  };
addEventListener("popstate", show);
// A page that the Back button restores may be of a user who has signed out.
addEventListener("pageshow", (event) => event.persisted && start());

document.documentElement.lang = language;
document.title = text.shop;
for (const item of document.querySelectorAll("[data-say]"))
  item.textContent = text[item.dataset.say];
show();
start();
