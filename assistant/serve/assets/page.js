// Everything shown is put in as text, never as markup: reports, cases and the model are not to be trusted.

const report = document.getElementById("report");
const token = document.getElementById("token");
const stop = document.getElementById("stop");
const status = document.getElementById("status");
const answer = document.getElementById("answer");
let running = null;

const VERDICTS = {
  match: "This is a known failure",
  possible: "This may be a known failure",
  none: "Not known",
};

document.getElementById("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  ask();
});
report.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    ask();
  }
});
stop.addEventListener("click", () => running?.abort());

async function ask() {
  running?.abort();
  const mine = (running = new AbortController());
  answer.replaceChildren();
  say("Looking it up…");
  try {
    const response = await fetch("/v1/diagnose", {
      method: "POST",
      headers: headers(),
      body: report.value,
      signal: mine.signal,
    });
    if (response.ok) {
      await listen(response.body);
    } else {
      await refuse(response);
    }
  } catch (error) {
    if (running === mine) {
      say(mine.signal.aborted ? "Stopped." : "The server cannot be reached.", !mine.signal.aborted);
    }
  } finally {
    if (running === mine) {
      stop.hidden = true;
    }
  }
}

function headers() {
  const sent = { "Content-Type": "text/plain", Accept: "text/event-stream" };
  if (token.value) {
    sent.Authorization = `Bearer ${token.value}`;
  }
  return sent;
}

async function refuse(response) {
  const { error } = await response.json();
  if (response.status === 401) {
    document.getElementById("access").hidden = false;
    token.focus();
  }
  say([error.message, error.hint].filter(Boolean).join(". "), true);
}

/** Reads server-sent events: each ends with an empty line. */
async function listen(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) {
      return;
    }
    const events = (waiting + value).split("\n\n");
    waiting = events.pop();
    events.forEach(take);
  }
}

function take(text) {
  const field = (name) => text.split("\n").find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
  const data = JSON.parse(field("data"));
  const taken = {
    diagnosis: () => {
      show(data);
      stop.hidden = false;
    },
    text: () => {
      document.getElementById("model").hidden = false;
      document.getElementById("said").textContent += data.text;
    },
    answer: () => {},
    error: () => say([data.error.message, data.error.hint].filter(Boolean).join(". "), true),
    done: () => {
      stop.hidden = true;
    },
  };
  taken[field("event")]?.();
}

function say(text, wrong = false) {
  status.textContent = text;
  status.className = wrong ? "wrong" : "";
}

function show(diagnosis) {
  const [first, ...others] = diagnosis.cases;
  const known = diagnosis.verdict !== "none" && first;
  const title = VERDICTS[diagnosis.verdict] + (known ? `: ${first.title}` : "");
  answer.append(made("p", title, `verdict ${diagnosis.verdict}`), labels(diagnosis, known && first));
  if (known) {
    answer.append(...inFull(first));
  }
  const heard = made("div", "", "");
  heard.id = "model";
  heard.hidden = true;
  const said = made("pre", "");
  said.id = "said";
  heard.append(made("h2", "In your terms"), said);
  answer.append(heard, ...list("To be surer", diagnosis.next));
  answer.append(...(known ? others : diagnosis.cases).map(folded));
  say(diagnosis.report.notes.join("; "));
  answer.focus();
}

function labels(diagnosis, found) {
  const shown = made("dl", "");
  const row = (name, value) => value && shown.append(made("dt", name), made("dd", value));
  row("symptom", diagnosis.symptom.label);
  row("cause", diagnosis.root_cause.label);
  row("stage", diagnosis.stage.label);
  row("how sure", found && `${Math.round(found.score * 100)}% (case ${found.id})`);
  row("looked at", lookedAt(diagnosis.environment));
  row("lines", diagnosis.report.lines.map(([from, to]) => (from === to ? from : `${from} to ${to}`)).join(", "));
  return shown;
}

function lookedAt(environment) {
  if (!environment) {
    return "";
  }
  return environment.here ? environment.path : `only the report: ${environment.path} is not on this machine`;
}

function inFull(found) {
  return [
    made("p", found.cause),
    ...list("Fix", found.fix, step, "ol"),
    ...list("Does not help", found.do_not),
    ...list("Why", found.why),
    ...list("Evidence", found.evidence.map((one) => `${one.check}: ${one.status}. ${one.detail}`)),
    ...list("Past failures", found.sources, link),
  ];
}

function folded(found) {
  const shown = made("details", "");
  const percent = Math.round(found.score * 100);
  shown.append(made("summary", `${found.title} (${percent}%, ${found.id})`), ...inFull(found));
  return shown;
}

function step(fix) {
  const shown = made("li", fix.do + condition(fix));
  if (fix.run) {
    shown.append(command(fix.run));
  }
  if (fix.verify) {
    shown.append(made("span", "check:", "hint"), command(fix.verify));
  }
  if (fix.expect) {
    shown.append(made("span", `expect: ${fix.expect}`, "hint"));
  }
  return shown;
}

function condition(fix) {
  const known = { confirmed: "; it is: ", contradicted: "; not here: " }[fix.condition?.status];
  const when = fix.when ? ` (when: ${fix.when}${known ? known + fix.condition.detail : ""})` : "";
  return fix.already ? `${when} [already so: ${fix.already}]` : when;
}

function command(text) {
  const shown = made("div", "", "command");
  const copy = made("button", "Copy");
  copy.type = "button";
  copy.addEventListener("click", async () => {
    copy.textContent = (await copied(text)) ? "Copied" : "Select it";
  });
  shown.append(made("pre", text), copy);
  return shown;
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // only pages of this machine, or over TLS, may
  }
}

function link(address) {
  const shown = made("li", "");
  const anchor = made("a", address);
  if (/^https?:\/\//.test(address)) {
    anchor.href = address;
    anchor.rel = "noreferrer noopener";
    anchor.target = "_blank";
  }
  shown.append(anchor);
  return shown;
}

function list(title, items, item = (text) => made("li", text), kind = "ul") {
  if (!items.length) {
    return [];
  }
  const shown = made(kind, "");
  shown.append(...items.map(item));
  return [made("h3", title), shown];
}

function made(tag, text, className = "") {
  const element = document.createElement(tag);
  element.textContent = text;
  element.className = className;
  return element;
}
