/** The widget as an element of its own in a shadow root. `window.Cordboard` is the page's side of it. */
import { render } from "preact";
import { Chat } from "./chat";
import { styles } from "./styles";
import { Root } from "./ui/Root";

type Call = [name: "open" | "close" | "set" | "identify", ...given: never[]];
type Page = { Cordboard?: { calls?: Call[]; element?: HTMLElement } };

class CordboardChat extends HTMLElement {
  show(chat: Chat): void {
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    root.adoptedStyleSheets = [sheet];
    const inside = document.createElement("div");
    root.append(inside);
    chat.listen(() => {
      this.toggleAttribute("open", chat.opened);
      const { accent, accent_text: onAccent, side } = chat.config?.theme ?? {};
      if (accent) this.style.setProperty("--accent", accent);
      if (onAccent) this.style.setProperty("--on-accent", onAccent);
      if (side) this.setAttribute("side", side);
      this.lang = chat.language;
    });
    const show = () => render(<Root chat={chat} />, inside);
    chat.listen(show);
  }
}

const script = document.currentScript as HTMLScriptElement | null;
const page = window as unknown as Page;
if (script && !page.Cordboard?.element) {
  const { cordboard: button = "", server = "", language } = script.dataset;
  const wished = language || document.documentElement.lang || navigator.language;
  const chat = new Chat(server, button, wished);
  const api = {
    open: () => chat.open(),
    close: () => chat.close(),
    set: (values: Parameters<Chat["set"]>[0]) => chat.set(values),
    identify: (jwt: string) => chat.identify(jwt),
  };
  customElements.get("cordboard-chat") ?? customElements.define("cordboard-chat", CordboardChat);
  const element = document.createElement("cordboard-chat") as CordboardChat;
  const asked = page.Cordboard?.calls ?? [];
  page.Cordboard = { ...api, element };
  element.show(chat);
  document.body.append(element);
  for (const [name, ...given] of asked) (api[name] as (...args: unknown[]) => void)(...given);
  void chat.start().catch(() => element.remove());
}
