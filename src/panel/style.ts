/** The panel's style sheet. Its host is out of the page's reach by `all: initial`. */
export const STYLE = `
:host { all: initial !important; }
[role=dialog] {
  --paper: #fff; --sunken: #f3f5f6; --ink: #16242c; --muted: #53626b; --line: #d7dde1; --link: #125170;
  --ok: #1c6844; --ok-soft: #e0f0e7; --look: #7a4b00; --look-soft: #fdf0d2; --fault: #a3201d; --fault-soft: #fce4e2;
  color-scheme: light dark; box-sizing: border-box; position: fixed; inset: 12px 12px 12px auto; z-index: 2147483647;
  display: flex; flex-direction: column; width: 440px; max-width: calc(100vw - 24px); height: auto; max-height: none;
  margin: 0; padding: 0; overflow: hidden; border: 1px solid var(--line); border-radius: 12px;
  background: var(--paper); color: var(--ink); font: 14px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  box-shadow: 0 2px 6px rgb(10 25 35 / 12%), 0 20px 48px -12px rgb(10 25 35 / 40%); text-align: start;
}
@media (prefers-color-scheme: dark) {
  [role=dialog] {
    --paper: #141d23; --sunken: #1b262d; --ink: #e8ecee; --muted: #a2b1ba; --line: #324049; --link: #8cc8e2;
    --ok: #8fd6b0; --ok-soft: #17382a; --look: #f2c46b; --look-soft: #3d2f10; --fault: #ff9f98; --fault-soft: #4a1f1d;
  }
}
@media (max-width: 600px) {
  [role=dialog] { inset: auto 0 0 0; width: 100vw; max-width: none; height: 88vh; height: 88dvh; border-radius: 14px 14px 0 0; border-width: 1px 0 0; }
}
* { box-sizing: border-box; }
header { padding: 14px 16px 12px; border-bottom: 1px solid var(--line); }
.top { display: flex; align-items: baseline; gap: 8px; }
h2, h3, p, dl, dd, ul { margin: 0; padding: 0; }
h2 { font-size: 16px; font-weight: 650; letter-spacing: -.01em; }
.version { color: var(--muted); font-size: 12.5px; margin-inline-end: auto; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.summary { margin-top: 2px; font-weight: 550; }
.summary[data-verdict=ok] { color: var(--ok); }
.summary[data-verdict=look] { color: var(--look); }
.summary[data-verdict=fault] { color: var(--fault); }
.actions { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; margin-top: 10px; }
button {
  font: inherit; font-size: 13px; font-weight: 550; color: var(--ink); background: var(--paper); cursor: pointer;
  border: 1px solid var(--line); border-radius: 7px; padding: 4px 11px; min-height: 32px;
}
button:hover { background: var(--sunken); }
button.close { align-self: center; padding: 0; width: 32px; border-color: transparent; font-size: 18px; line-height: 1; }
button:focus-visible, .body:focus-visible, textarea:focus-visible { outline: 2px solid var(--link); outline-offset: 1px; }
[role=dialog]:focus { outline: none; }
.body:focus-visible { outline-offset: -3px; }
.status { color: var(--muted); font-size: 12.5px; }
.body { flex: 1; min-height: 0; overflow-y: auto; overscroll-behavior: contain; padding: 4px 16px 16px; }
section { padding-top: 16px; }
h3 { font-size: 12px; font-weight: 650; color: var(--muted); letter-spacing: .04em; text-transform: uppercase; margin-bottom: 6px; }
ul { list-style: none; border: 1px solid var(--line); border-radius: 9px; overflow: hidden; }
li { display: grid; grid-template-columns: 52px 1fr; gap: 0 10px; padding: 6px 10px; }
li + li { border-top: 1px solid var(--line); }
li b { font-weight: 600; }
li span { grid-column: 2; color: var(--muted); font-size: 13px; overflow-wrap: anywhere; }
li i {
  grid-row: 1 / span 2; align-self: start; margin-top: 1px; font-style: normal; font-weight: 650; font-size: 11.5px;
  text-align: center; border-radius: 99px; padding: 1px 0;
}
li[data-verdict=ok] i { color: var(--ok); background: var(--ok-soft); }
li[data-verdict=look] i { color: var(--look); background: var(--look-soft); }
li[data-verdict=fault] i { color: var(--fault); background: var(--fault-soft); }
li[data-verdict=fault] span, li[data-verdict=look] span { color: var(--ink); }
dl { display: grid; grid-template-columns: 122px 1fr; gap: 3px 12px; }
dt { color: var(--muted); font-size: 13px; overflow-wrap: anywhere; }
dd { overflow-wrap: anywhere; min-width: 0; font-variant-numeric: tabular-nums; font-size: 13.5px; }
.empty { color: var(--muted); font-size: 13.5px; }
textarea { width: 100%; height: 160px; margin-top: 10px; font: 12px/1.45 ui-monospace, Menlo, Consolas, monospace; color: var(--ink); background: var(--sunken); border: 1px solid var(--line); border-radius: 7px; padding: 8px; resize: vertical; }
@media (forced-colors: active) { li i { border: 1px solid; } }
`;
