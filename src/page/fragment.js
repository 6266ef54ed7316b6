for (const link of location.hash ? document.querySelectorAll("a[data-login]") : []) {
  const query = new URLSearchParams(link.search);
  const [page] = (query.get("return_to") || "/").split("#");
  const target = page + location.hash;
  if (target.length <= 2048) query.set("return_to", target);
  link.search = query;
}
