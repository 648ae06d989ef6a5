/** The call's own sheet, beside the widget's. */
export const styles = /* css */ `
.call{display:flex;flex-wrap:wrap;gap:8px;align-items:center;width:376px;max-width:100%;margin-bottom:12px;padding:10px 12px;background:var(--bg);border:1px solid var(--line);border-radius:14px;box-shadow:0 8px 28px #0004}
.call p{margin:0;flex:1;min-width:120px;overflow-wrap:anywhere}
.call time{font-variant-numeric:tabular-nums;color:var(--faint)}
.call .end{background:#b3261e;color:#fff;border-color:transparent;font-weight:600}
.call .end:hover{filter:brightness(1.1)}
.call [aria-pressed=true]{background:var(--fg);color:var(--bg)}
:host([calling]) .window{height:min(540px,calc(100vh - 190px));height:min(540px,calc(100dvh - 190px))}
@media(max-width:480px){.call{width:auto}.call p{flex-basis:100%}.call time{flex:1}
:host([calling][open]){display:flex;flex-direction:column;background:var(--bg)}
:host([calling][open]) .call{margin:0;border-radius:0;border-width:0 0 1px;box-shadow:none;width:100%}
:host([calling][open]) .call+div{flex:1;min-height:0}
:host([calling][open]) .window{height:100%}}
@media(forced-colors:active){.call,.call .end{border:1px solid}}
`;
