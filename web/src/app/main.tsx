import "@fontsource-variable/inter/wght.css";
import "../ui/mantine.css";
import "../ui/global.css";
import { createRoot } from "react-dom/client";
import { speak, startI18n } from "../ui/i18n";
import { App } from "./App";
import { buildServices } from "./build";

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
// The drag library makes a style element of its own and looks here for the nonce.
(globalThis as { __webpack_nonce__?: string }).__webpack_nonce__ = nonce;

const services = buildServices();
const { preferences } = services;
preferences.store.subscribe(({ language }, before) => {
  if (language !== before.language) void speak(language);
});
await startI18n(preferences.store.getState().language);

const root = document.getElementById("root");
if (root) createRoot(root).render(<App services={services} nonce={nonce} />);
