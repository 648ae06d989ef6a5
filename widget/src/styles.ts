/** One constructed style sheet in the shadow root: works under any CSP without inline styles. */
export const styles = /* css */ `
:host{--accent:#0b6e4f;--on-accent:#fff;--bg:#fff;--fg:#1a1d24;--faint:#5b6270;--line:#d9dde4;--soft:#f1f3f7;--bad:#b3261e;
position:fixed;z-index:2147483000;inset:auto 20px 20px auto;font:14px/1.45 system-ui,sans-serif;color:var(--fg);color-scheme:light dark}
:host([side=left]){inset:auto auto 20px 20px}
@media(prefers-color-scheme:dark){:host{--bg:#171a21;--fg:#e9ecf2;--faint:#a2aab9;--line:#343a47;--soft:#232833;--bad:#ff8a80}}
*{box-sizing:border-box}
[hidden]{display:none!important}
button,input,textarea,select{font:inherit;color:inherit}
button{cursor:pointer;border:1px solid var(--line);background:var(--bg);border-radius:8px;padding:8px 14px;min-height:36px}
button:hover{background:var(--soft)}
button:disabled{opacity:.55;cursor:default}
:is(button,input,textarea,select,a,.log):focus-visible{outline:2px solid var(--fg);outline-offset:2px;box-shadow:0 0 0 2px var(--bg)}
.main{background:var(--accent);color:var(--on-accent);border-color:transparent;font-weight:600}
.main:hover{background:var(--accent);filter:brightness(1.1)}
.plain{border-color:transparent;background:none;padding:6px;display:grid;place-items:center;min-width:36px}
.main.plain{background:var(--accent)}
.launch{width:56px;height:56px;border-radius:50%;padding:0;display:grid;place-items:center;box-shadow:0 8px 28px #0004;position:relative;margin-left:auto}
:host([side=left]) .launch{margin:0 auto 0 0}
.badge{position:absolute;top:-4px;right:-4px;min-width:20px;height:20px;border-radius:10px;background:#b3261e;color:#fff;font-size:12px;line-height:20px;padding:0 5px}
.window{width:376px;height:min(600px,calc(100vh - 110px));height:min(600px,calc(100dvh - 110px));background:var(--bg);border:1px solid var(--line);border-radius:14px;
box-shadow:0 8px 28px #0004;display:flex;flex-direction:column;overflow:hidden;margin-bottom:12px}
.head{background:var(--accent);color:var(--on-accent);padding:12px 8px 12px 16px;display:flex;gap:4px;align-items:center}
.head div{flex:1;min-width:0}
.head h2{margin:0;font-size:15px;overflow-wrap:anywhere}
.head p{margin:0;font-size:13px}
.head button:hover{background:#ffffff2e}
.head button:focus-visible{outline-color:var(--on-accent);box-shadow:none}
.body{flex:1;overflow-y:auto;padding:14px;display:flex;flex-direction:column;gap:6px;overscroll-behavior:contain}
.notice,.meta{color:var(--faint);font-size:13px;text-align:center;margin:4px 0;overflow-wrap:anywhere}
.who{color:var(--faint);font-size:12px;margin:6px 0 0 4px}
.bubble{max-width:85%;padding:8px 12px;border-radius:14px;background:var(--soft);align-self:flex-start;white-space:pre-wrap;overflow-wrap:anywhere}
.bubble.mine{background:var(--accent);color:var(--on-accent);align-self:flex-end}
.bubble a{color:inherit}
.bubble small{margin-left:6px}
.bubble a~small{display:block;margin:2px 0}
.gone{font-style:italic}
.bubble img{display:block;max-width:100%;max-height:220px;border-radius:8px;margin-bottom:4px}
.under{align-self:flex-end;color:var(--faint);font-size:12px;margin:0 4px}
fieldset{border:0;padding:0;margin:0}
.choices{display:flex;flex-wrap:wrap;gap:6px}
.choices button{border-color:var(--faint);border-radius:18px}
form{display:flex;flex-direction:column;gap:10px;margin:0}
label{display:flex;flex-direction:column;gap:4px;font-weight:600;font-size:13px}
label.tick{flex-direction:row;gap:8px;align-items:flex-start;font-weight:400}
label i{font-weight:400;color:var(--faint)}
input:not([type=checkbox]),textarea,select{border:1px solid var(--faint);border-radius:8px;padding:8px 10px;background:var(--bg);width:100%;font-weight:400;min-height:36px}
textarea{resize:none}
.wrong{color:var(--bad);font-size:13px;font-weight:400;margin:0}
.bar{border-top:1px solid var(--line);padding:8px;display:flex;gap:4px;align-items:flex-end}
.bar textarea{max-height:120px;field-sizing:content;flex:1}
.status{padding:6px 14px;font-size:13px;background:var(--soft);color:var(--fg);border-bottom:1px solid var(--line)}
.foot{border-top:1px solid var(--line);padding:12px;display:flex;flex-direction:column;gap:10px;max-height:60%;overflow-y:auto}
.row{display:flex;gap:8px;align-items:center;flex-wrap:wrap}
.stars{display:flex;gap:2px}
.stars button{font-size:20px;padding:2px 8px}
.stars [aria-pressed=true]{background:var(--accent);color:var(--on-accent)}
.emoji{display:grid;grid-template-columns:repeat(8,1fr);padding:6px;border-top:1px solid var(--line)}
.emoji button{border:0;padding:4px;font-size:18px}
.invite{background:var(--bg);border:1px solid var(--line);border-radius:14px;box-shadow:0 8px 28px #0004;padding:14px;width:280px;margin-bottom:12px;display:flex;flex-direction:column;gap:10px}
.invite p{margin:0}
.below{position:sticky;bottom:0;align-self:center;border-radius:18px;box-shadow:0 2px 8px #0003}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
svg{width:20px;height:20px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.launch svg{width:26px;height:26px}
@media(max-width:480px){:host([open]){inset:0!important;width:100%;height:100%}
.window{width:100%;height:100vh;height:100dvh;border:0;border-radius:0;margin:0}:host([open]) .launch{display:none}}
@media(prefers-reduced-motion:no-preference){.window,.invite{animation:up .16s ease-out}@keyframes up{from{transform:translateY(8px)}}}
@media(forced-colors:active){.main,.head,.bubble,.window{border:1px solid}}
`;
