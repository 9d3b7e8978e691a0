import {darkColors, FONT, theme} from '../charts/theme.ts';

/** The style sheet of the report: one column, figures in columns, light or dark as the reader's system is, and print. */
export const REPORT_STYLE = `
:root {
  color-scheme: light dark;
  --ground: ${theme.ground}; --panel: #f6f8fa; --text: ${theme.text}; --subtle: ${theme.subtleText};
  --rule: ${theme.rule}; --good: #1a6b3c; --bad: #a3341d; --free: ${theme.free}; --hatch: #7b8692;
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 14px/1.45 ${FONT}; }
header, main, footer { max-width: 1180px; margin: 0 auto; padding: 0 28px; }
header { padding-top: 32px; }
h1 { font-size: 24px; line-height: 1.2; font-weight: 650; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 17px; font-weight: 650; margin: 36px 0 10px; }
h3 { font-size: 14px; font-weight: 650; margin: 26px 0 2px; }
p { margin: 0 0 8px; max-width: 90ch; }
.subtle, figcaption, caption { color: var(--subtle); }
.verdict { font-size: 16px; margin: 12px 0 0; }
.answer { margin: 16px 0 0; }
.answer .verdict { margin: 4px 0 0; max-width: 100ch; }
.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 5px 20px; margin: 0; max-width: 110ch; }
.facts dt { color: var(--subtle); } .facts dd { margin: 0; overflow-wrap: anywhere; }
ul { margin: 0; padding-left: 18px; } li { margin: 0 0 4px; max-width: 100ch; }
code { font: 0.92em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; background: var(--panel); border: 1px solid var(--rule); border-radius: 3px; padding: 0 3px; overflow-wrap: anywhere; }
.good { color: var(--good); } .bad { color: var(--bad); }
.figures { display: grid; grid-template-columns: repeat(6, 1fr); gap: 1px; margin: 20px 0 0;
  background: var(--rule); border: 1px solid var(--rule); border-radius: 6px; overflow: hidden; }
.figures div { background: var(--panel); padding: 12px 16px 13px; }
.figures dt { color: var(--subtle); font-size: 12px; }
.figures dd { margin: 0; font-variant-numeric: tabular-nums; }
.figures dd.figure { font-size: 23px; font-weight: 600; line-height: 1.3; letter-spacing: -0.01em; }
.figures dd.detail { font-size: 12px; color: var(--subtle); }
.scroll { overflow-x: auto; }
main .scroll + .scroll { margin-top: 22px; } main .scroll + p { margin-top: 14px; } .facts + p { margin-top: 14px; }
table { border-collapse: collapse; width: 100%; font-size: 13px; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: 0 0 6px; font-size: 13px; }
th, td { padding: 4px 10px; text-align: left; vertical-align: top; overflow-wrap: break-word; }
th { font-weight: 600; }
tbody td:not(.number):last-child { min-width: 18ch; }
th:first-child, td:first-child { padding-left: 0; } th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--subtle); font-size: 12px; font-weight: 500; vertical-align: bottom; overflow-wrap: normal; }
thead tr:last-child th { border-bottom: 1px solid var(--subtle); }
thead th[scope=colgroup] { text-align: center; }
thead th[scope=colgroup] span { display: block; border-bottom: 1px solid var(--rule); padding-bottom: 2px; }
tbody td, tbody th { border-bottom: 1px solid var(--rule); }
tbody th { font-weight: 500; } tbody th:first-child { min-width: 9ch; }
tfoot td, tfoot th { font-weight: 600; padding-top: 6px; }
tbody td:first-child { overflow-wrap: normal; }
.number { text-align: right; white-space: nowrap; overflow-wrap: normal; }
.number:first-child { width: 1%; }
.nothing { color: var(--subtle); }
.more { color: var(--subtle); margin: 6px 0 0; }
figure { margin: 0 0 8px; break-inside: avoid-page; }
figcaption { margin-bottom: 10px; max-width: 110ch; }
figure svg { display: block; width: 100%; min-width: 700px; height: auto; }
details { margin: 0 0 20px; }
summary { color: var(--subtle); cursor: pointer; padding: 4px 0; width: fit-content; }
.hatch { position: absolute; width: 0; height: 0; }
.hatch rect { fill: var(--free); } .hatch path { stroke: var(--hatch); }
figure svg [fill="${theme.stranded}"] { fill: url(#stranded); }
footer { margin-top: 44px; padding-top: 16px; padding-bottom: 40px; }
footer > div { border-top: 1px solid var(--rule); padding-top: 14px; font-size: 12px; color: var(--subtle);
  display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 12px 40px; }
footer dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 2px 14px; margin: 0; align-content: start; }
footer dt { font-weight: 600; } footer dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 1080px) { .figures { grid-template-columns: repeat(3, 1fr); } table { font-size: 12px; } th, td { padding: 4px; } thead th { font-size: 11px; } }
@media (max-width: 520px) { .figures { grid-template-columns: repeat(2, 1fr); } }
@media (max-width: 760px) { header, main, footer { padding-left: 16px; padding-right: 16px; } footer > div { grid-template-columns: 1fr; } }
@media screen and (prefers-color-scheme: dark) {
  :root { --ground: ${darkColors.get(theme.ground)}; --panel: #1c2127; --text: ${darkColors.get(theme.text)};
    --subtle: ${darkColors.get(theme.subtleText)}; --rule: ${darkColors.get(theme.rule)}; --good: #6cc28e; --bad: #ee8a72;
    --free: ${darkColors.get(theme.free)}; --hatch: #7f8a95; }
${[...darkColors]
  .filter(([light]) => light !== theme.stranded)
  .map(
    ([light, dark]) =>
      `  figure svg [fill="${light}"] { fill: ${dark}; } figure svg [stroke="${light}"] { stroke: ${dark}; }`,
  )
  .join('\n')}
}
@media print {
  @page { margin: 14mm; }
  body { font-size: 11px; } header, main, footer { max-width: none; padding-left: 0; padding-right: 0; }
  table { font-size: 10px; } tr { break-inside: avoid; } thead { display: table-header-group; } h2, h3 { break-after: avoid; }
  figure svg { min-width: 0; } details:not([open]) { display: none; } .scroll { overflow: visible; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
