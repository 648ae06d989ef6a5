/** `<script async src="https://HOST/chat.js" data-button="customer/button">`: brings the widget when the page is at rest. */
declare const __WIDGET__: string;

const script = document.currentScript as HTMLScriptElement | null;
if (script) {
  const calls: unknown[][] = [];
  const queue =
    (name: string) =>
    (...given: unknown[]) =>
      calls.push([name, ...given]);
  const page = window as unknown as { Cordboard?: object };
  page.Cordboard ??= {
    calls,
    open: queue("open"),
    close: queue("close"),
    set: queue("set"),
    identify: queue("identify"),
  };
  const load = () => {
    const widget = document.createElement("script");
    widget.src = new URL(__WIDGET__, script.src).href;
    widget.dataset.cordboard = script.dataset.button ?? "";
    widget.dataset.language = script.dataset.language ?? "";
    widget.dataset.server = new URL(script.src).origin;
    document.head.append(widget);
  };
  if (document.readyState === "complete") load();
  else addEventListener("load", load);
}

export {};
