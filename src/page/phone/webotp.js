if ("OTPCredential" in window) {
  const input = document.querySelector("input[name=code]");
  const stop = new AbortController();
  input.form.addEventListener("submit", () => stop.abort());
  const otp = { transport: ["sms"] };
  navigator.credentials.get({ otp, signal: stop.signal }).then((message) => {
    input.value = message.code;
    input.form.requestSubmit();
  }).catch(() => {});
}
