/**
 * A make-believe server for looking at the desktop without telephony: `npm run mock`, then `npm run dev` beside it, or
 * `npm run build` and its own address. The built pages are handed out under the content security policy of the real one.
 *
 * It keeps one agent's state in memory and follows the contract of the HTTP API and of the live WebSocket as far as
 * the screens need. `POST /mock/ring`, `/mock/answer`, `/mock/end`, `/mock/drop` play what the outside does.
 */
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { WebSocketServer } from "ws";
import { mailRoutes } from "./mock-mail.mjs";

const port = Number(process.env.PORT ?? 8080);
const iso = (offset = 0) => new Date(Date.now() + offset * 1000).toISOString();

const colleagues = [
  ["lea", "Léa Fontaine", "ready", ""],
  ["amir", "Amir Benali", "in_contact", ""],
  ["noor", "Noor Haddad", "withdrawn", "Lunch"],
  ["joan", "Joan Smith", "wrap_up", ""],
  ["maximilian", "Maximilian-Alexander von Hohenstein-Wittgenstein", "ready", ""],
  ["chloe", "Chloé Girard", "logged_out", ""],
].map(([id, name, state, reason_name], i) => ({
  id,
  name,
  state,
  reason_name,
  since: iso(-70 * (i + 1)),
  groups: ["support"],
  extension: String(201 + i),
  space_ids: ["retail"],
}));
const queues = [
  ["sales-fr", "Sales FR", 3, 42, 0.92],
  ["support-en", "Support EN", 7, 138, 0.71],
  ["billing", "Billing", 1, 9, 0.98],
  ["vip", "VIP", 0, 0, 1],
].map(([id, name, waiting, longest, service_level]) => ({
  id,
  name,
  space_id: "retail",
  channel: "voice",
  waiting,
  longest_since: waiting ? iso(-longest) : null,
  ready: 2,
  agents: 6,
  offered: 48,
  answered: 41,
  abandoned: 4,
  service_level,
}));
const figures = [
  ["answered", "Answered", "count", 36],
  ["speed_of_answer", "Speed of answer", "seconds", 14.2],
  ["handled", "Handled", "count", 38],
  ["handle_time", "Handle time", "seconds", 291],
  ["talk_time", "Talk time", "seconds", 233],
  ["hold_time", "Hold time", "seconds", 21],
  ["wrap_up_time", "Wrap-up time", "seconds", 36],
  ["missed", "Not taken", "count", 2],
  ["transferred", "Transferred", "count", 5],
  ["outgoing", "Outgoing calls", "count", 3],
  ["logged_in_time", "Time logged in", "seconds", 14820],
  ["ready_time", "Time ready", "seconds", 3721],
].map(([id, name, unit, value]) => ({
  id,
  name,
  unit,
  value,
  definition: "The mean time of a handled contact: talk (holding included) plus wrap-up.",
  growing_since: id === "logged_in_time" || id === "ready_time" ? iso(0) : null,
}));
const reasons = [
  ["break", "Break"],
  ["lunch", "Lunch"],
  ["training", "Training"],
  ["back-office", "Back office"],
].map(([id, name]) => ({ id, name }));
const closing = [
  "Order placed",
  "Information given",
  "Delivery problem",
  "Complaint",
  "Call back promised",
  "Wrong number",
].map((name, i) => ({ id: `r${i}`, name }));

let session = process.env.MOCK_SEATED === "1";
let seat = process.env.MOCK_SEATED === "1" ? (process.env.MOCK_SEAT ?? "voice") : null;
let phone = { kind: process.env.MOCK_PHONE ?? "number", address: "+33612345678" };
let layout = { version: 0, layouts: {}, preferences: {} };
let contactNumber = 4711;
const me = {
  id: "amelie",
  name: "Amélie Laurent",
  state: "withdrawn",
  since: iso(),
  reason_id: "logged_in",
  reason_name: "Just logged in",
  planned_reason_id: null,
  planned_reason_name: null,
  seat,
  holder: "s",
  phone,
  phone_reachable: true,
  telephony_up: true,
  config_version: 3,
};
const topics = {
  me: { agent: me },
  colleagues: Object.fromEntries(colleagues.map((each) => [each.id, each])),
  queues: Object.fromEntries(queues.map((each) => [each.id, each])),
  chat: Object.fromEntries(
    [
      ["lea", "Léa Fontaine", "team", "Great handling on 48211 👏"],
      ["amir", "Amir Benali", "team", "Can anyone take a Spanish call?"],
      ["amelie", "Amélie Laurent", "team", "I can after this one."],
      ["joan", "Joan Smith", "amelie", "Do you have the new price list?"],
    ].map(([from_id, from_name, to, text], i) => [
      String(i + 1),
      { id: String(i + 1), from_id, from_name, to, text, at: iso(-600 + i * 60) },
    ]),
  ),
  figures: Object.fromEntries(figures.map((each) => [each.id, each])),
  work: {},
  viewers: {},
};
const sockets = new Map();
let away = false;

function push(topic, set, del = []) {
  for (const key of del) delete topics[topic][key];
  Object.assign(topics[topic], set);
  for (const [socket, numbers] of sockets)
    if (numbers.has(topic)) {
      numbers.set(topic, numbers.get(topic) + 1);
      socket.send(JSON.stringify({ topic, n: numbers.get(topic), set, del, now: iso() }));
    }
}
function become(state, more = {}) {
  Object.assign(me, { state, since: iso(), reason_id: "", reason_name: "", seat, phone, ...more });
  push("me", { agent: { ...me } });
}
const atHand = () => Object.values(topics.me).find((row) => row.contact_id);
function change(row, more) {
  push("me", { [`contact:${row.contact_id}`]: { ...row, ...more } });
}
function offer(direction, remote, remote_name) {
  const id = ++contactNumber;
  const inbound = direction === "inbound";
  become(inbound ? "reserved" : "in_contact");
  push("me", {
    [`contact:${id}`]: {
      contact_id: id,
      channel: "voice",
      direction,
      phase: inbound ? "reserved" : "dialling",
      since: iso(),
      offered_at: iso(),
      answered_at: null,
      ring_until: inbound ? iso(20) : null,
      wrap_up_until: null,
      arrived_at: iso(-75),
      remote,
      remote_name,
      address: "+33180000001",
      subject: "",
      queue: inbound ? { id: "billing", name: "Billing" } : null,
      entry_point: inbound ? { id: "main", name: "Main number" } : null,
      space_id: "retail",
      language: "fr",
      tags: inbound ? ["VIP"] : [],
      values: inbound ? { order: "48213" } : {},
      skills: inbound ? [{ id: "fr", name: "French", level: 3 }] : [],
      waited_seconds: inbound ? 75 : 0,
      leg_id: `${id}.2`,
      line: "l",
      leg_state: inbound ? "ringing" : "up",
      closing_reason_id: null,
      note: "",
      closing_reason_required: true,
      closing_reasons: closing,
      website: inbound
        ? `http://127.0.0.1:${port}/mock/crm?caller=${encodeURIComponent(remote)}&contact=${id}`
        : "",
      transfer_to: "",
      can: inbound ? ["decline"] : ["hang_up", "wrap_up"],
    },
  });
}
const talkingCan = ["hold", "transfer", "digits", "hang_up", "reconnect", "wrap_up"];
function answer() {
  const row = atHand();
  if (!row) return;
  become("in_contact");
  change(row, {
    phase: "talking",
    since: iso(),
    answered_at: iso(),
    ring_until: null,
    leg_state: "up",
    can: talkingCan,
  });
}
function end() {
  const row = atHand();
  if (!row) return;
  become("wrap_up");
  change(row, { phase: "wrap_up", since: iso(), wrap_up_until: iso(30), leg_state: "", can: ["wrap_up"] });
}
function close() {
  const row = atHand();
  if (row) push("me", {}, [`contact:${row.contact_id}`]);
  if (me.planned_reason_id) withdraw(me.planned_reason_id);
  else become("ready");
}
function withdraw(id) {
  const name = reasons.find((each) => each.id === id)?.name ?? id;
  become("withdrawn", { reason_id: id, reason_name: name, planned_reason_id: null });
}

const row = (i) => ({
  contact_id: 4700 - i,
  channel: "voice",
  direction: i % 4 === 3 ? "outbound" : "inbound",
  remote: `+336${String(12345678 + i * 7919).slice(0, 8)}`,
  remote_name: ["Camille Roux", "", "Joan Smith", "Atelier Dubois et Fils, menuiserie générale"][i % 4],
  address: "+33180000001",
  subject: "",
  queue: i % 4 === 3 ? null : { id: "billing", name: "Billing" },
  agent: i % 5 === 4 ? null : { id: "amelie", name: "Amélie Laurent" },
  entry_point: { id: "main", name: "Main number" },
  space_id: "retail",
  arrived_at: iso(-400 * (i + 1)),
  waited_seconds: 12 + (i % 60),
  talked_seconds: i % 5 === 4 ? null : 180 + i,
  held_seconds: 0,
  outcome: ["answered", "answered", "not_answered", "answered", "abandoned"][i % 5],
  cause: "",
  closing_reason: i % 5 < 2 ? { id: "r1", name: closing[1].name } : null,
  note: "",
  transferred: false,
  lasted_seconds: 240 + i,
});
const history = Array.from({ length: 260 }, (_, i) => row(i));
const chatted = {
  channel: "chat",
  direction: "inbound",
  remote: "joan@example.com",
  remote_name: "Joan Smith",
};
Object.assign(history[2], chatted, { outcome: "answered" });
history[6].remote = chatted.remote;
const said = (n, author, text, more = {}) => ({
  n,
  at: iso(-900 + n),
  author,
  agent_id: author === "agent" ? "amelie" : "",
  name: author === "agent" ? "Amélie Laurent" : "",
  kind: "text",
  text,
  key: `k${n}`,
  attachment: null,
  url: "",
  choices: [],
  fields: [],
  values: {},
  consent: null,
  edited: false,
  deleted: false,
  visible_to: "all",
  ...more,
});
const written = [
  said(1, "system", "agent_joined", { kind: "notice", name: "Amélie Laurent" }),
  said(2, "visitor", "Where is my lamp?"),
  said(3, "agent", "On its way."),
];
function search(params) {
  const q = (params.get("q") ?? "").toLowerCase();
  const said = "Bonjour, ma commande n'est toujours pas arrivée. Merci de votre aide.";
  const found = history
    .map((each, i) => ({
      ...each,
      channel: ["voice", "email", "chat"][i % 3],
      subject: i % 3 === 1 ? "Ma commande" : "",
      state: "closed",
      space: null,
      ended_at: each.arrived_at,
      language: "fr",
      thread_id: 0,
      mails: 0,
    }))
    .filter((each) => !params.get("channel") || each.channel === params.get("channel"))
    .filter((each) => `${each.remote_name} ${each.remote} ${each.subject} ${said}`.toLowerCase().includes(q));
  const from = Number(params.get("cursor") ?? 0);
  const at = said.toLowerCase().indexOf(q);
  const parts = [
    { text: said.slice(0, at), hit: false },
    { text: said.slice(at, at + q.length), hit: true },
    { text: said.slice(at + q.length), hit: false },
  ];
  const items = found.slice(from, from + 20).map((each) => ({
    ...each,
    snippets: q && at >= 0 ? [{ source: "mail", at: each.arrived_at, parts }] : [],
  }));
  return { items, next: from + 20 < found.length ? String(from + 20) : null };
}
const facts = [
  [-200, "contact_arrived", { direction: "inbound", remote: "+33612345678", address: "+33180000001" }],
  [-199, "script_started", { script_id: "main", config_version: 3 }],
  [-190, "step_entered", { script_id: "main", step_id: "welcome" }],
  [-188, "menu_chosen", { step_id: "language", choice: "1" }],
  [-187, "contact_queued", { queue_id: "billing", priority: 0, again: false }],
  [-120, "routing_decided", { agent_id: "lea", queue_id: "billing", rule: "longest_idle" }],
  [-119, "contact_offered", { agent_id: "lea" }],
  [-100, "offer_ended", { agent_id: "lea", outcome: "no_answer", rang: 19.2 }],
  [-99, "contact_queued", { queue_id: "billing", again: true }],
  [-98, "contact_answered", { agent_id: "amelie", waited: 89, rang: 4 }],
  [-40, "contact_ended", { cause: "end_customer_hung_up", lasted: 160 }],
  [-20, "wrapped_up", { agent_id: "amelie", closing_reason_id: "information" }],
].map(([at, kind, body], i) => ({ seq: 900 + i, ordinal: 0, at: iso(at), kind, body }));
const decisions = [
  {
    at: iso(-120),
    seq: 905,
    queue: { id: "billing", name: "Billing" },
    chosen: { id: "lea", name: "Léa Fontaine" },
    rule: "longest_idle",
    measure: "idle 312 s",
    runner_up: { id: "amelie", name: "Amélie Laurent" },
    runner_up_measure: "idle 41 s",
    eligible: 2,
    sentence: "",
    considered: [
      ["lea", "Léa Fontaine", "chosen", "", "idle 312 s"],
      ["amelie", "Amélie Laurent", "eligible", "", "idle 41 s"],
      ["amir", "Amir Benali", "excluded", "in_contact", ""],
      ["noor", "Noor Haddad", "excluded", "withdrawn", "Lunch"],
      ["joan", "Joan Smith", "excluded", "lacks_skill", "French 2, needs 3"],
      ["chloe", "Chloé Girard", "excluded", "not_logged_in", ""],
    ].map(([agent_id, name, verdict, rule, detail]) => ({ agent_id, name, verdict, rule, detail })),
  },
];

class Refusal extends Error {
  constructor(status, code, params = {}) {
    super(code);
    Object.assign(this, { status, code, params });
  }
}
const person = {
  id: "p1",
  name: "Amélie Laurent",
  agent_id: "amelie",
  roles: ["agent"],
  permissions: [
    "contacts.read_own",
    "mail.validate",
    "mail.supervise",
    ...(process.env.MOCK_ADMINISTRATOR ? ["configuration.write"] : []),
  ],
  tenant_id: "demo",
  tenant_name: "Maison Demo",
  language: process.env.MOCK_LANGUAGE ?? "en",
};
const sip = () =>
  phone.kind === "browser"
    ? { websocket_path: "/sip", uri: "sip:demo-amelie@cordboard", username: "demo-amelie", password: "x" }
    : null;

/** [method, path, answer]: `undefined` is 204. */
const routes = [
  [
    "POST",
    /^\/sessions$/,
    (_, body) => {
      if (body.password === "locked") throw new Refusal(429, "login_locked", { retry_after_seconds: "300" });
      if (body.password === "wrong") throw new Refusal(401, "login_failed");
      session = true;
      return { person, needs_seat: true };
    },
  ],
  [
    "DELETE",
    /^\/sessions\/current$/,
    () => {
      session = false;
      seat = null;
    },
  ],
  [
    "POST",
    /^\/sessions\/current\/password$/,
    (_, body) => {
      if (body.current === "wrong") throw new Refusal(401, "login_failed");
    },
  ],
  [
    "POST",
    /^\/desktop\/seat$/,
    (_, body) => {
      if (body.phone.address === "+33600000000")
        throw new Refusal(409, "seats_full", {
          seat: "voice",
          subscribed: "4",
          taken_by: "Amir Benali, Joan Smith, Léa Fontaine, Noor Haddad",
        });
      seat = body.seat;
      phone = body.phone;
      become("withdrawn", { reason_id: "logged_in", reason_name: "Just logged in" });
      return {
        agent_id: "amelie",
        seat,
        phone,
        sip: sip(),
        sip_account:
          phone.kind === "sip"
            ? { server: "192.0.2.10", port: 5060, username: "demo-amelie", password: "kT9-wolf-31" }
            : null,
      };
    },
  ],
  [
    "PUT",
    /^\/desktop\/phone$/,
    (_, body) => {
      phone = body;
      become(me.state);
    },
  ],
  [
    "GET",
    /^\/desktop$/,
    () => ({
      server_time: iso(),
      config_version: 3,
      person,
      seat,
      phone: seat ? phone : null,
      sip: seat ? sip() : null,
      sip_account: null,
      held_elsewhere: false,
      agent:
        process.env.MOCK_OFFICE === "1"
          ? null
          : {
              id: "amelie",
              name: person.name,
              location: { id: "lyon", name: "Lyon" },
              groups: [{ id: "support", name: "Support" }],
              spaces: [{ id: "retail", name: "Retail" }],
              extension: "207",
              language: "fr",
              skills: [
                { id: "fr", name: "French", level: 5 },
                { id: "en", name: "English", level: 4 },
                { id: "billing", name: "Billing", level: 3 },
                { id: "tech", name: "Technical support", level: 2 },
              ],
            },
      seats_offered: [{ seat: "voice", subscribed: 4, taken: 2 }],
      withdrawal_reasons: reasons,
      queues: queues.map(({ id, name }) => ({ id, name })),
      spaces: [{ id: "retail", name: "Retail" }],
      phones_offered: ["browser", "sip", "number"],
      presented_numbers: ["+33180000001", "+33180000002"],
      closing_reasons: { retail: closing },
      mail: { mode: process.env.MOCK_MAIL_MODE ?? "pull", undo_seconds: 10, upload_limit_mb: 25 },
      outgoing_mail: ["Care", "Shop"].map((name) => ({
        inbox_id: name.toLowerCase(),
        address: `${name.toLowerCase()}@maison.example`,
        name: `Maison ${name}`,
        language: "en",
        signature: { html: `<p>Maison Demo<br>${name}</p>`, text: `Maison Demo\n${name}` },
      })),
    }),
  ],
  ["GET", /^\/desktop\/layout$/, () => layout],
  [
    "PUT",
    /^\/desktop\/layout$/,
    (_, body) => {
      layout = { ...body, version: layout.version + 1 };
      return layout;
    },
  ],
  [
    "POST",
    /^\/desktop\/state$/,
    (_, body) => {
      if (body.state === "ready")
        return void (me.planned_reason_id ? become(me.state, { planned_reason_id: null }) : become("ready"));
      if (atHand()) {
        Object.assign(me, { planned_reason_id: body.reason_id });
        push("me", { agent: { ...me } });
      } else withdraw(body.reason_id);
    },
  ],
  [
    "POST",
    /^\/desktop\/calls$/,
    (_, body) => {
      if (["112", "15", "17", "18"].includes(body.number))
        throw new Refusal(422, "emergency_number", { number: body.number });
      offer("outbound", body.number, "");
      setTimeout(answer, 2500);
      return { contact_id: contactNumber };
    },
  ],
  [
    "POST",
    /^\/contacts\/\d+\/hold$/,
    () =>
      change(atHand(), { phase: "held", since: iso(), can: ["resume", "transfer", "hang_up", "wrap_up"] }),
  ],
  [
    "POST",
    /^\/contacts\/\d+\/resume$/,
    () => change(atHand(), { phase: "talking", since: iso(), can: talkingCan }),
  ],
  ["POST", /^\/contacts\/\d+\/(hang-up|transfer)$/, () => end()],
  [
    "POST",
    /^\/contacts\/\d+\/decline$/,
    () => {
      const gone = atHand();
      push("me", {}, [`contact:${gone.contact_id}`]);
      become("withdrawn", { reason_id: "declined", reason_name: "Declined" });
    },
  ],
  ["POST", /^\/contacts\/\d+\/(digits|reconnect)$/, () => undefined],
  [
    "POST",
    /^\/contacts\/\d+\/wrap-up$/,
    (_, body) => {
      const now = atHand();
      if (now.phase === "wrap_up") close();
      else change(now, { closing_reason_id: body.closing_reason_id || null, note: body.note });
    },
  ],
  ["GET", /^\/chat\/messages$/, () => ({ items: [], next: null })],
  [
    "POST",
    /^\/chat\/messages$/,
    (_, body) => {
      const id = String(Object.keys(topics.chat).length + 1);
      push("chat", {
        [id]: { id, from_id: "amelie", from_name: person.name, to: body.to, text: body.text, at: iso() },
      });
      return topics.chat[id];
    },
  ],
  [
    "GET",
    /^\/contacts$/,
    (url) => {
      const q = (url.searchParams.get("q") ?? "").toLowerCase();
      const from = Number(url.searchParams.get("cursor") ?? 0);
      const limit = Number(url.searchParams.get("limit") ?? 50);
      const found = history.filter((each) => `${each.remote_name} ${each.remote}`.toLowerCase().includes(q));
      return {
        items: found.slice(from, from + limit),
        next: from + limit < found.length ? String(from + limit) : null,
      };
    },
  ],
  ["GET", /^\/search$/, (url) => search(url.searchParams)],
  [
    "GET",
    /^\/contacts\/(\d+)$/,
    (_url, _body, [, id]) => ({
      contact: history.find((each) => each.contact_id === Number(id)) ?? history[0],
      legs: [],
    }),
  ],
  ["GET", /^\/contacts\/\d+\/messages$/, () => ({ items: written })],
  ["POST", /^\/contacts\/\d+\/answer-by-email$/, () => undefined],
  ["GET", /^\/contacts\/\d+\/facts$/, () => ({ items: facts })],
  ["GET", /^\/contacts\/\d+\/why$/, () => ({ decisions })],
  ["GET", /^\/figures\/[^/]+\/contacts$/, () => ({ items: history.slice(0, 12), next: null })],
];
const mails = mailRoutes({ iso, push, topics, me, Refusal, closing });
routes.unshift(...mails.routes);
const plays = {
  ...mails.plays,
  ring: () => offer("inbound", "+33612345678", "Camille Roux"),
  answer,
  end,
  close,
  drop: () => {
    for (const [socket] of sockets) socket.terminate();
  },
  /** The server is not reached any more … and again. */
  away: () => {
    away = true;
    plays.drop();
  },
  back: () => {
    away = false;
  },
  adrift: () =>
    change(atHand(), {
      phase: "adrift",
      since: iso(),
      leg_state: "lost",
      can: ["reconnect", "transfer", "hang_up", "wrap_up"],
    }),
};

const dist = join(import.meta.dirname, "../dist");
const types = {
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};
function page(path, response) {
  const file = join(dist, normalize(path));
  const known = types[extname(file)];
  if (known && existsSync(file)) {
    response.writeHead(200, { "Content-Type": known });
    return response.end(readFileSync(file));
  }
  response.writeHead(200, {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy":
      "default-src 'none'; script-src 'self' 'nonce-n1'; style-src 'self' 'nonce-n1'; style-src-attr 'unsafe-inline'; " +
      `img-src 'self' data: blob:; font-src 'self'; connect-src 'self' ws://127.0.0.1:${port}; media-src 'self' blob: data:; ` +
      "worker-src 'self' blob:; frame-src https: http: blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  });
  response.end(readFileSync(join(dist, "index.html"), "utf8").replaceAll("__CSP_NONCE__", "n1"));
}

const server = createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    const sent = Buffer.concat(parts);
    const text = request.headers["content-type"]?.startsWith("multipart/") ? "" : sent.toString("utf8");
    const url = new URL(request.url, "http://mock");
    if (url.pathname === "/mock/crm") {
      response.setHeader("Content-Type", "text/html; charset=utf-8");
      return response.end(
        `<body style="font:14px sans-serif;padding:24px;color:#223"><h2>Camille Roux</h2><p>Customer since 2021 · ${url.searchParams.get("caller")}</p><table border=0 cellpadding=6><tr><td>Order 48213<td>out for delivery<tr><td>Order 47990<td>delivered</table>`,
      );
    }
    const play = plays[url.pathname.replace("/mock/", "")];
    if (play) {
      play();
      return response.end();
    }
    if (!url.pathname.startsWith("/api/")) return page(url.pathname, response);
    const path = url.pathname.replace(/^\/api\/v1/, "");
    if (session && mails.plain(request, path, url, sent, response)) return;
    const json = (status, body) =>
      response
        .writeHead(status, { "Content-Type": "application/json", ETag: `"${layout.version}"` })
        .end(JSON.stringify(body));
    try {
      if (!session && !(request.method === "POST" && path === "/sessions"))
        throw new Refusal(401, "session_expired");
      const route = routes.find(([method, pattern]) => method === request.method && pattern.test(path));
      if (!route) throw new Refusal(404, "not_found");
      const answered = route[2](url, text ? JSON.parse(text) : {}, path.match(route[1]));
      if (answered === undefined) response.writeHead(204, { ETag: `"${layout.version}"` }).end();
      else json(200, answered);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      json(error.status, {
        type: `urn:cordboard:problem:${error.code}`,
        title: error.code,
        status: error.status,
        detail: error.code,
        code: error.code,
        params: error.params,
      });
    }
  });
});
const live = new WebSocketServer({ server, path: "/api/v1/live", verifyClient: () => !away });
live.on("connection", (socket) => {
  sockets.set(socket, new Map());
  socket.on("close", () => sockets.delete(socket));
  socket.on("message", (data) => {
    const said = JSON.parse(String(data));
    if (said.ping) socket.send(JSON.stringify({ pong: said.ping, now: iso() }));
    for (const topic of said.subscribe ?? []) {
      sockets.get(socket).set(topic, 1);
      socket.send(JSON.stringify({ topic, n: 1, snapshot: topics[topic], now: iso() }));
    }
  });
});
server.listen(port, "127.0.0.1", () => console.log(`make-believe server on http://127.0.0.1:${port}`));
