/** The mail desk's part of the make-believe server: as far as the screens need, by the contract of the HTTP API. */

const many = Number(process.env.MOCK_MAILS ?? 2000);
const people = [
  ["joan@smith.example", "Joan Smith", "en"],
  ["facturation@atelier-dubois.example", "Atelier Dubois et Fils, menuiserie générale", "fr"],
  ["noor.haddad@contracts.example", "Noor Haddad", "en"],
  ["amir@benali.example", "", "fr"],
  [
    "a.very.long.address.of.somebody@department-of-external-relations.example",
    "Maximilian-Alexander von Hohenstein-Wittgenstein",
    "en",
  ],
];
const subjects = {
  en: ["Where is my order 48213?", "Contract renewal for 12 seats", "Invoice 2026-118: wrong VAT"],
  fr: ["Facture de septembre : erreur de TVA", "Livraison jamais arrivée", "Résiliation de mon contrat"],
};
const signature = {
  html: "<p>Kind regards</p><p><strong>Maison Demo</strong> · Customer care</p>",
  text: "Kind regards\nMaison Demo · Customer care",
};

export function mailRoutes({ iso, push, topics, me, Refusal, closing }) {
  const item = (i) => {
    const [remote, remote_name, language] = people[i % people.length];
    return {
      contact_id: 9000 + i,
      thread_id: 9000 + i,
      channel: "email",
      state: "waiting",
      seq: 1,
      direction: "inbound",
      space: { id: "retail", name: "Retail" },
      waiting_since: iso(-90 * (i + 1)),
      first_answer_at: null,
      gone: false,
      queue: { id: "mail-care", name: "Customer care mail" },
      agent: null,
      entry_point: { id: "care", name: "care@maison.example" },
      remote,
      remote_name,
      subject: subjects[language][i % 3],
      arrived_at: iso(-90 * (i + 1)),
      last_mail_at: iso(-60 * (i + 1)),
      due_at: iso((i - 3) * 1500),
      parked_until: null,
      priority: i % 9 === 4 ? 3 : 0,
      tags: i % 4 === 0 ? ["VIP"] : i % 4 === 2 ? ["invoice", "complaint"] : [],
      language,
      mails: 1 + (i % 3),
    };
  };
  const items = Array.from({ length: many }, (_, i) => item(i));
  Object.assign(items[5], { state: "in_contact", agent: { id: "lea", name: "Léa Fontaine" } });
  let seq = 1;
  topics.viewers[9002] = { contact_id: 9002, people: [{ id: "joan", name: "Joan Smith" }] };
  const find = (id) => items.find((each) => each.contact_id === Number(id));
  const drafts = new Map();
  const newDrafts = new Map();
  const extra = new Map();
  const files = new Map();
  let mailNumber = 70_000;
  let views = [
    { id: "todo", name: "To do", filters: { states: ["waiting"], sort: "due" }, count: many, mine: false },
    {
      id: "vip",
      name: "VIP first",
      filters: { states: ["waiting"], tag: "VIP" },
      count: many >> 2,
      mine: false,
    },
    {
      id: "fr",
      name: "En français",
      filters: { states: ["waiting"], language: "fr" },
      count: 31,
      mine: true,
    },
  ];
  let aside = [
    {
      mail_id: 51,
      inbox: { id: "care", name: "Customer care" },
      received_at: iso(-7200),
      sender: "newsletter@broken.example",
      subject: "=?utf-8?B?//8=",
      size: 48_211_003,
      direction: "in",
      to: "",
      reason: "More than 10,000 nested parts: it was not unfolded further.",
    },
  ];
  let held = [
    ["Re: Where is my order 48213?", "Joan Smith", "Léa Fontaine", "first 20 answers of a newcomer", 900],
    ["Re: Résiliation de mon contrat", "Atelier Dubois", "Noor Haddad", "word: refund", -300],
  ].map(([subject, remote_name, agent, rule, due], i) => ({
    mail_id: 60_000 + i,
    contact_id: 9000 + i,
    subject,
    remote: people[i][0],
    remote_name,
    agent: { id: "x", name: agent },
    queue: null,
    rule,
    held_at: iso(-600),
    due_at: iso(due),
    language: people[i][2],
  }));

  const mail = (id, direction, more) => ({
    id,
    direction,
    kind: "person",
    state: direction === "in" ? "stored" : "sent",
    from: direction === "in" ? "joan@smith.example" : "care@maison.example",
    from_name: direction === "in" ? "Joan Smith" : "Maison Demo",
    to: [{ address: "care@maison.example", name: "Maison Demo" }],
    cc: [],
    reply_to: [],
    subject: "Where is my order?",
    sent_at: iso(-4000),
    received_at: iso(-4000),
    text: "",
    has_html: false,
    has_remote_images: false,
    quoted_text: "",
    signature_text: "",
    language: "en",
    attachments: [],
    agent: null,
    ...more,
  });
  function thread(id) {
    const work = find(id) ?? items[0];
    const mine = work.agent?.id === me.id;
    const person = {
      from: work.remote,
      from_name: work.remote_name,
      subject: work.subject,
      language: work.language,
    };
    const base = Number(id) * 10;
    const mails = [
      mail(base + 1, "in", {
        ...person,
        received_at: iso(-90_000),
        text: "Hello,\n\nmy parcel has been “out for delivery” since Monday. Can you look?",
        signature_text: "Joan Smith\n+44 20 7946 0018",
      }),
      mail(base + 2, "out", {
        agent: { id: "lea", name: "Léa Fontaine" },
        to: [{ address: work.remote, name: work.remote_name }],
        sent_at: iso(-60_000),
        received_at: null,
        text: "Hello Joan,\n\nthe driver has it and comes today between 14:00 and 16:00.",
        quoted_text: "my parcel has been “out for delivery” since Monday. Can you look?",
        state: base % 20 ? "bounced" : "sent",
        failure: base % 20 ? "550 5.1.1 The mailbox is full." : "",
      }),
      mail(base + 3, "in", {
        ...person,
        kind: "auto_reply",
        received_at: iso(-59_000),
        text: "I am out of the office until Friday.",
      }),
      mail(base + 4, "in", {
        ...person,
        received_at: work.last_mail_at,
        cc: [{ address: "accounts@smith.example", name: "Accounts" }],
        text: "It did not come. The invoice and a photo of the empty doorstep are attached.\n\nIt is a birthday present, so it is a bit urgent.",
        has_html: true,
        has_remote_images: true,
        quoted_text: "the driver has it and comes today between 14:00 and 16:00.",
        attachments: [
          {
            index: 0,
            name: "invoice-2026-118.pdf",
            media_type: "application/pdf",
            size: 248_113,
            inline: false,
          },
          { index: 1, name: "doorstep.png", media_type: "image/png", size: 1_204_553, inline: false },
          {
            index: 2,
            name: "a very long name of a file that somebody exported from an old accounting system (final, 2).xlsx",
            media_type: "application/vnd.ms-excel",
            size: 88_000,
            inline: false,
          },
        ],
      }),
      ...(extra.get(Number(id)) ?? []),
      ...held
        .filter((each) => each.contact_id === Number(id))
        .map((each) =>
          mail(each.mail_id, "out", {
            agent: each.agent,
            state: "held",
            subject: each.subject,
            to: [{ address: work.remote, name: work.remote_name }],
            text: "Hello,\n\nwe are sorry. Your money comes back within two weeks.\n\nKind regards",
          }),
        ),
    ];
    return {
      contact: {
        ...work,
        space_id: "retail",
        closing_reason: null,
        trouble: "",
        return_reason: "",
        expert_to: "",
        expert_deadline: null,
        values: { order: "48213", "customer since": "2021" },
        end_customer: null,
      },
      mails,
      draft: drafts.get(Number(id)) ?? null,
      notes: [
        {
          at: iso(-50_000),
          agent: { id: "lea", name: "Léa Fontaine" },
          text: "Parcel is with the neighbour at no. 12.",
        },
      ],
      can: mine
        ? work.state === "parked"
          ? ["unpark"]
          : ["answer", "park", "return", "transfer", "forward", "wrap_up"]
        : work.state === "closed"
          ? ["reopen"]
          : ["claim"],
      undo: null,
      closing_reasons: closing,
      closing_reason_required: true,
      languages: ["en", "fr", "de"],
      signature,
      from_addresses: [{ inbox_id: "care", address: "care@maison.example", name: "Maison Demo" }],
    };
  }
  function tell(work) {
    work.seq = ++seq;
    push("work", { [work.contact_id]: { ...work } });
    const key = `contact:${work.contact_id}`;
    if (work.agent?.id === me.id && work.state !== "closed") push("me", { [key]: mineRow(work) });
    else if (topics.me[key]) push("me", {}, [key]);
  }
  const mineRow = (work, phase) => ({
    ...work,
    space_id: "retail",
    phase: phase ?? { in_contact: "talking" }[work.state] ?? work.state,
    since: iso(),
    offered_at: iso(),
    answered_at: null,
    ring_until: phase === "reserved" ? iso(40) : null,
    wrap_up_until: null,
    address: "care@maison.example",
    values: {},
    skills: [],
    waited_seconds: 340,
    leg_id: null,
    line: null,
    leg_state: "",
    closing_reason_id: null,
    note: "",
    closing_reason_required: true,
    closing_reasons: closing,
    website: "",
    unread: work.mails > 2 ? 1 : 0,
    can: phase === "reserved" ? ["accept", "decline"] : ["answer", "park", "return", "transfer"],
  });
  const set = (id, patch) => {
    const work = Object.assign(find(id), patch);
    tell(work);
  };
  const html = (images) =>
    `<!doctype html><meta charset="utf-8"><body style="margin:12px;font:14px/1.5 sans-serif;color:#222"><p>It did not come. The invoice and a photo of the empty doorstep are attached.</p><p>It is a <b>birthday present</b>, so it is a bit urgent.</p>${images ? "<p><img alt=\"logo\" width=\"120\" height=\"30\" src=\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'%3E%3Crect width='120' height='30' fill='teal'/%3E%3C/svg%3E\"></p>" : ""}<table border="1" cellpadding="6" style="border-collapse:collapse"><tr><th>Order<td>48213<tr><th>Sent<td>Monday</table></body>`;

  const plays = {
    mail: () => push("me", { "contact:9001": mineRow(items[1], "reserved") }),
    another_mail: () => push("me", { "contact:9003": mineRow(items[3], "reserved") }),
    takes: () => set(9002, { state: "in_contact", agent: { id: "lea", name: "Léa Fontaine" } }),
    looks: () =>
      push("viewers", { 9000: { contact_id: 9000, people: [{ id: "amir", name: "Amir Benali" }] } }),
    forgets: () => newDrafts.clear(),
    drafts: () => {
      for (const [id, draft] of drafts)
        drafts.set(id, {
          ...draft,
          version: draft.version + 1,
          saved_at: iso(),
          saved_by: { id: "lea", name: "Léa Fontaine" },
          html: "<p>Written by Léa</p>",
          text: "Written by Léa",
        });
    },
  };

  const routes = [
    ["GET", /^\/work\/views$/, () => ({ items: views })],
    [
      "PUT",
      /^\/work\/views\/(.+)$/,
      (_url, body, [, id]) => {
        views = [...views, { id, ...body, count: 12, mine: true }];
      },
    ],
    [
      "DELETE",
      /^\/work\/views\/(.+)$/,
      (_url, _body, [, id]) => {
        views = views.filter((each) => each.id !== id);
      },
    ],
    [
      "GET",
      /^\/work$/,
      ({ searchParams }) => {
        const asked = (name) => searchParams.get(name) ?? "";
        const states = searchParams.getAll("state");
        const q = asked("q").toLowerCase();
        const found = items.filter(
          (each) =>
            (each.state === "closed") === (asked("closed") === "true") &&
            (asked("closed") === "true" || states.length === 0 || states.includes(each.state)) &&
            (!asked("agent") || each.agent?.id === asked("agent")) &&
            (!asked("language") || each.language === asked("language")) &&
            (!asked("tag") || each.tags.includes(asked("tag"))) &&
            (!asked("mine") || asked("mine") === "false" || each.agent?.id === me.id) &&
            `${each.remote} ${each.remote_name} ${each.subject}`.toLowerCase().includes(q),
        );
        const from = Number(asked("cursor") || 0);
        const limit = Number(asked("limit") || 50);
        return {
          items: found.slice(from, from + limit),
          next: from + limit < found.length ? String(from + limit) : null,
          total: found.length,
          total_is: found.length > 1000 ? "estimate" : "exact",
          as_of: seq,
          now: iso(),
        };
      },
    ],
    ["GET", /^\/contacts\/(9\d{3,})\/thread$/, (_url, _body, [, id]) => thread(id)],
    [
      "POST",
      /^\/contacts\/(9\d{3,})\/claim$/,
      (_url, _body, [, id]) => {
        const work = find(id);
        if (work.agent && work.agent.id !== me.id)
          throw new Refusal(409, "already_taken", { by: work.agent.name });
        set(id, { state: "in_contact", agent: { id: me.id, name: me.name } });
      },
    ],
    [
      "POST",
      /^\/contacts\/(9\d{3,})\/accept$/,
      (_url, _body, [, id]) => set(id, { state: "in_contact", agent: { id: me.id, name: me.name } }),
    ],
    ["POST", /^\/contacts\/(9\d{3,})\/decline$/, (_url, _body, [, id]) => push("me", {}, [`contact:${id}`])],
    [
      "POST",
      /^\/contacts\/(9\d{3,})\/park$/,
      (_url, body, [, id]) => set(id, { state: "parked", parked_until: body.until }),
    ],
    [
      "POST",
      /^\/contacts\/(9\d{3,})\/unpark$/,
      (_url, _body, [, id]) => set(id, { state: "in_contact", parked_until: null }),
    ],
    [
      "POST",
      /^\/contacts\/(9\d{3,})\/(return|transfer)$/,
      (_url, _body, [, id]) => set(id, { state: "waiting", agent: null }),
    ],
    ["POST", /^\/contacts\/(9\d{3,})\/forward$/, () => undefined],
    ["POST", /^\/contacts\/(9\d{3,})\/wrap-up$/, (_url, _body, [, id]) => set(id, { state: "closed" })],
    [
      "POST",
      /^\/contacts\/(9\d{3,})\/reopen$/,
      (_url, _body, [, id]) => {
        set(id, { state: "in_contact", agent: { id: me.id, name: me.name } });
        return { contact_id: Number(id) };
      },
    ],
    ["GET", /^\/contacts\/(9\d{3,})\/draft$/, (_url, _body, [, id]) => drafts.get(Number(id)) ?? null],
    [
      "PUT",
      /^\/contacts\/(9\d{3,})\/draft$/,
      (_url, body, [, id]) => {
        const now = drafts.get(Number(id));
        if ((now?.version ?? 0) !== body.version)
          throw new Refusal(409, "draft_changed", {
            by: now?.saved_by.name ?? "",
            at: now?.saved_at ?? "",
            version: now?.version ?? 0,
          });
        const saved = {
          ...body,
          version: body.version + 1,
          saved_at: iso(),
          saved_by: { id: me.id, name: me.name },
        };
        drafts.set(Number(id), saved);
        return { version: saved.version, saved_at: saved.saved_at };
      },
    ],
    ["DELETE", /^\/contacts\/(9\d{3,})\/draft$/, (_url, _body, [, id]) => void drafts.delete(Number(id))],
    [
      "POST",
      /^\/contacts\/(9\d{3,})\/answer$/,
      (_url, body, [, id]) => {
        const mailId = ++mailNumber;
        drafts.delete(Number(id));
        extra.set(Number(id), [
          ...(extra.get(Number(id)) ?? []),
          mail(mailId, "out", {
            agent: { id: me.id, name: me.name },
            state: "queued",
            sent_at: iso(),
            received_at: null,
            text: body.text,
            subject: body.subject,
          }),
        ]);
        set(id, {
          state: { close: "closed", park: "parked", keep: "in_contact" }[body.then],
          parked_until: body.park_until ?? null,
        });
        return { mail_id: mailId, state: "sending", undo_until: iso(10) };
      },
    ],
    [
      "POST",
      /^\/contacts\/(9\d{3,})\/answer\/(\d+)\/recall$/,
      (_url, _body, [, id]) => set(id, { state: "in_contact", agent: { id: me.id, name: me.name } }),
    ],
    [
      "GET",
      /^\/contacts\/(9\d{3,})\/suggestions$/,
      () => ({
        items: [
          {
            answer_id: "late",
            title: "Late delivery: we look for the parcel",
            score: 0.83,
            fit: "good",
            language: "en",
            missing: [],
            learned: 0,
            beginning: "We are sorry that your parcel has not arrived. We have asked the carrier",
          },
          {
            answer_id: "refund",
            title: "Refund after a lost parcel",
            score: 0.52,
            fit: "fair",
            language: "en",
            missing: ["amount"],
          },
          {
            answer_id: "thanks",
            title: "Thank you for the photo",
            score: 0.21,
            fit: "weak",
            learned: 0,
            beginning: "",
            language: "fr",
            missing: [],
          },
        ],
      }),
    ],
    [
      "GET",
      /^\/answers$/,
      ({ searchParams }) => ({
        items: [
          ["late", "Late delivery: we look for the parcel", "Delivery", []],
          ["refund", "Refund after a lost parcel", "Delivery", ["amount"]],
          ["hours", "Our opening hours", "General", []],
          ["invoice", "Copy of an invoice", "Invoices", ["invoice number"]],
        ]
          .filter(([, title]) => title.toLowerCase().includes((searchParams.get("q") ?? "").toLowerCase()))
          .map(([id, title, theme, missing]) => ({
            id,
            title,
            theme_id: theme,
            short_name: id,
            valid_now: true,
            attachments: id === "hours" ? 2 : 0,
            languages: ["en", "fr"],
            language: missing.length > 0 ? "fr" : searchParams.get("language") || "en",
            beginning: "We are sorry that",
          })),
      }),
    ],
    [
      "GET",
      /^\/answers\/(hours)$/,
      (_url, _body, [, id]) => ({
        id,
        attachments: [
          { file_id: "a".repeat(64), name: "opening hours.pdf", media_type: "application/pdf", size: 41_200 },
          { file_id: "b".repeat(64), name: "plan of the shop.png", media_type: "image/png", size: 310_000 },
        ],
      }),
    ],
    [
      "POST",
      /^\/answers\/(.+)\/render$/,
      () => ({
        html: "<p>We are sorry that your parcel has not arrived. We have asked the carrier and write to you <strong>today</strong>.</p>",
        text: "We are sorry that your parcel has not arrived. We have asked the carrier and write to you today.",
        missing: [],
        attachments: [],
      }),
    ],
    ["POST", /^\/answers\/(.+)\/used$/, () => undefined],
    [
      "POST",
      /^\/inboxes\/test$/,
      (_url, { receive, send }) => {
        const right = receive.secret === "right";
        const step = (name, stage, ok = true, detail = "") => ({ name, stage, ok, detail });
        const begin = ["dns", "connect", "tls"].map((stage) => step("receive", stage));
        const refused = `${receive.host} does not accept the user ${receive.user} with this password.`;
        return {
          steps: right
            ? [
                ...begin,
                step("receive", "login"),
                step("receive", "folder"),
                ...(send ? [step("send", "dns")] : []),
              ]
            : [...begin, step("receive", "login", false, refused)],
        };
      },
    ],
    [
      "POST",
      /^\/mail$/,
      (_url, body) => {
        newDrafts.delete(body.key);
        return { contact_id: 9000, mail_id: ++mailNumber, state: "sending", undo_until: iso(10) };
      },
    ],
    [
      "GET",
      /^\/mail\/drafts$/,
      () => ({
        items: [...newDrafts].map(([draft_id, { inbox_id, to, subject, text, saved_at }]) => ({
          draft_id,
          inbox_id,
          to,
          subject,
          preview: text.slice(0, 140),
          files: 0,
          saved_at,
        })),
      }),
    ],
    [
      "GET",
      /^\/mail\/drafts\/([\w-]+)$/,
      (_url, _body, [, id]) => {
        if (!newDrafts.has(id)) throw new Refusal(404, "not_found", {});
        return newDrafts.get(id);
      },
    ],
    [
      "PUT",
      /^\/mail\/drafts\/([\w-]+)$/,
      (_url, body, [, id]) => {
        const version = newDrafts.get(id)?.version ?? 0;
        if (version !== body.version)
          throw new Refusal(409, "draft_changed", { by: me.name, at: iso(), version });
        const saved = { ...body, version: version + 1, saved_at: iso(), saved_by: null };
        newDrafts.set(id, saved);
        return { version: saved.version, saved_at: saved.saved_at };
      },
    ],
    ["DELETE", /^\/mail\/drafts\/([\w-]+)$/, (_url, _body, [, id]) => void newDrafts.delete(id)],
    ["GET", /^\/validation$/, () => ({ items: held })],
    [
      "POST",
      /^\/validation\/(\d+)\/(approve|correct|return)$/,
      (_url, _body, [, id]) => {
        held = held.filter((each) => each.mail_id !== Number(id));
      },
    ],
    [
      "GET",
      /^\/inboxes$/,
      () => ({
        items: [
          ["care", "Customer care", "care@maison.example", "ok", ""],
          [
            "invoices",
            "Invoices",
            "factures@maison.example",
            "trouble",
            "The server refused the password of factures@maison.example. Store a new one: cordboard secret set.",
          ],
          ["old", "Old address of the shop", "shop@maison.example", "off", ""],
        ].map(([id, name, address, state, error], i) => ({
          id,
          name,
          address,
          space: { id: "retail", name: "Retail" },
          receive: { kind: i ? "pop3" : "imap", host: "mail.maison.example", port: i ? 995 : 993 },
          state,
          last_fetch_at: i === 2 ? null : iso(-12 - i * 4000),
          waiting_since: i === 1 ? iso(-3600) : null,
          error,
          sent_today: i ? 0 : 41,
          failed_today: i ? 0 : 2,
        })),
      }),
    ],
    [
      "POST",
      /^\/inboxes\/(.+)\/test$/,
      (_url, _body, [, id]) => ({
        steps: [
          {
            name: "IMAP: mail.maison.example:993",
            ok: true,
            detail: "TLS 1.3, certificate valid until 2027-02-01",
          },
          id === "care"
            ? { name: "Log in", ok: true, detail: "" }
            : {
                name: "Log in",
                ok: false,
                detail:
                  "AUTHENTICATIONFAILED: the name or the password is wrong. Is it an account that wants an app password?",
              },
          ...(id === "care"
            ? [
                {
                  name: "SMTP: mail.maison.example:587",
                  ok: true,
                  detail: "STARTTLS, may send as care@maison.example",
                },
              ]
            : []),
        ],
      }),
    ],
    ["GET", /^\/mails\/set-aside$/, () => ({ items: aside })],
    [
      "POST",
      /^\/mails\/(\d+)\/retry$/,
      () => {
        aside = [];
      },
    ],
  ];

  const png = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  );
  /** What is not JSON: pages of mails, attachments, uploads. True when it was answered. */
  function plain(request, path, url, body, response) {
    if (/^\/mails\/\d+\/html$/.test(path)) {
      response.writeHead(200, {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy":
          "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-same-origin allow-popups",
      });
      response.end(html(url.searchParams.get("images") === "1"));
    } else if (/^\/mails\/\d+\/(attachments|raw)/.test(path)) {
      response.writeHead(200, { "Content-Type": "image/png" });
      response.end(png);
    } else if (path === "/files" && request.method === "POST") {
      const text = body.toString("latin1");
      const name = Buffer.from(/filename="([^"]*)"/.exec(text)?.[1] ?? "file", "latin1").toString("utf8");
      const media_type = /Content-Type: (\S+)/.exec(text)?.[1] ?? "application/octet-stream";
      const file_id = `f${files.size + 1}`;
      const from = text.indexOf("\r\n\r\n") + 4;
      files.set(file_id, { media_type, data: body.subarray(from, text.lastIndexOf("\r\n--")) });
      response.writeHead(200, { "Content-Type": "application/json" });
      response.end(JSON.stringify({ file_id, name, media_type, size: body.length - from }));
    } else if (files.has(path.replace("/files/", ""))) {
      const file = files.get(path.replace("/files/", ""));
      response.writeHead(200, { "Content-Type": file.media_type });
      response.end(file.data);
    } else return false;
    return true;
  }
  return { routes, plays, plain };
}
