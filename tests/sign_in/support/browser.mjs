// SPDX-License-Identifier: Apache-2.0
// A browser as far as signing in needs one: cookies by origin and path, redirects one at a time, and forms.
export class Browser {
  cookies = [];

  #fitting(url) {
    return this.cookies.filter(({ origin, path }) => origin === url.origin
      && (url.pathname === path || url.pathname.startsWith(path.endsWith("/") ? path : `${path}/`)));
  }

  #take(url, line) {
    const [pair, ...attributes] = line.split(";").map((part) => part.trim());
    const name = pair.slice(0, pair.indexOf("="));
    const value = pair.slice(pair.indexOf("=") + 1);
    const told = (wanted) => attributes.find((one) => one.toLowerCase().startsWith(`${wanted}=`))?.split("=").slice(1).join("=");
    const path = told("path") ?? "/";
    this.cookies = this.cookies.filter((one) => !(one.origin === url.origin && one.name === name && one.path === path));
    const gone = told("max-age") === "0" || (told("expires") && Date.parse(told("expires")) <= Date.now());
    if (!gone && value !== "") this.cookies.push({ origin: url.origin, name, value, path, attributes: attributes.join("; ") });
  }

  async go(address, form) {
    const url = new URL(address);
    const headers = { Cookie: this.#fitting(url).map(({ name, value }) => `${name}=${value}`).join("; ") };
    if (!headers.Cookie) delete headers.Cookie;
    const answer = await fetch(url, {
      redirect: "manual", headers, method: form ? "POST" : "GET", body: form ? new URLSearchParams(form) : undefined,
    });
    for (const line of answer.headers.getSetCookie()) this.#take(url, line);
    const location = answer.headers.get("location");
    return { status: answer.status, location: location && new URL(location, url).href, text: await answer.text(), url };
  }

  cookie(name) {
    return this.cookies.find((one) => one.name === name);
  }
}

// Leaves the office for its provider, signs in there by the forms that it shows, and gives the address that it leads
// back to, not yet gone to.
export async function through_provider(browser, office, login, to = "/worklist") {
  let answer = await browser.go(`${office.address}/api/v1/session/oidc?to=${encodeURIComponent(to)}`);
  for (let step = 0; step < 12; ++step) {
    if (answer.location?.startsWith(`${office.address}/`)) return answer.location;
    if (answer.location) {
      answer = await browser.go(answer.location);
      continue;
    }
    const action = /<form[^>]+action="([^"]+)"/.exec(answer.text)?.[1];
    const prompt = /name="prompt" value="(\w+)"/.exec(answer.text)?.[1];
    if (!action || !prompt) throw new Error(`${answer.status} ${answer.url}: ${answer.text.slice(0, 400)}`);
    answer = await browser.go(new URL(action, answer.url).href, { prompt, login, password: "any" });
  }
  throw new Error("the provider does not lead back");
}
