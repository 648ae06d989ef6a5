import { useEffect, useRef, useState } from "react";
import { useText } from "./text";
import classes from "./thread.module.css";

const tallest = 12_000;

/**
 * A mail's HTML in a frame of its own that grows with its content. The frame may not run scripts, send forms or leave
 * itself; it shares our origin only so that its height can be measured. What it may load is said by its own policy.
 */
export function HtmlFrame({ src, name }: { src: string; name: string }) {
  const { t } = useText();
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(120);
  const watch = useRef<ResizeObserver | null>(null);
  useEffect(() => () => watch.current?.disconnect(), []);

  function onLoad() {
    const body = frame.current?.contentDocument?.body;
    if (!body) return;
    const measure = () => {
      const { marginTop, marginBottom } = getComputedStyle(body);
      const content = body.scrollHeight + Number.parseFloat(marginTop) + Number.parseFloat(marginBottom);
      setHeight(Math.min(tallest, Math.max(40, Math.ceil(content) + 2)));
    };
    measure();
    watch.current?.disconnect();
    watch.current = new ResizeObserver(measure);
    watch.current.observe(body);
  }
  return (
    <iframe
      ref={frame}
      className={classes.frame}
      title={t("thread.frame", { name })}
      sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
      referrerPolicy="no-referrer"
      src={src}
      style={{ height }}
      onLoad={onLoad}
    />
  );
}
