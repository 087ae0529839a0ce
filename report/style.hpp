#pragma once

/// The style sheet of the report: system fonts, light and dark, phone, paper.
namespace powerstroke::report {

inline constexpr const char* report_style = R"css(
:root {
  color-scheme: light dark;
  --page: #f7f7f4; --card: #ffffff; --ink: #1d2329; --soft-ink: #4a5561; --rule: #dfe2e5; --axes: #8a949e; --accent: #0b5c8f;
  --particles: #0072b2; --solution: #d55e00; --law: #009e73; --exponential: #a3548a; --surroundings: #8a6d1b; --check: #2b2f36; --muted: #9aa3ad;
  --good: #1a7f4e; --good-ground: #e9f5ee; --bad: #b3261e; --bad-ground: #fcecea; --open: #7a5b00; --open-ground: #fbf3dc;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171b; --card: #1c2127; --ink: #e6e9ec; --soft-ink: #b0bac4; --rule: #333b44; --axes: #77828d; --accent: #7cc0ee;
    --particles: #5fb5ec; --solution: #f59250; --law: #35cfa3; --exponential: #e39cc9; --surroundings: #d9b95f; --check: #e6e9ec; --muted: #6d7781;
    --good: #5fd39a; --good-ground: #172a21; --bad: #ff8a80; --bad-ground: #311b1a; --open: #e8c560; --open-ground: #2c2614;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--ink); line-height: 1.55; font-size: 1rem;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif;
}
main { max-width: 68rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
h1 { font-size: 1.85rem; line-height: 1.2; font-weight: 650; letter-spacing: -0.012em; margin: 0.2rem 0 0.5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; font-weight: 650; margin: 3.2rem 0 0.9rem; padding-top: 1rem; border-top: 1px solid var(--rule); }
p, ul { margin: 0.6rem 0; max-width: 46rem; }
sup, sub { line-height: 0; font-size: 0.72em; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.86em; }
a { color: var(--accent); text-decoration-thickness: 0.06em; text-underline-offset: 0.15em; }
.kicker { color: var(--accent); font-size: 0.8rem; letter-spacing: 0.09em; text-transform: uppercase; font-weight: 600; margin: 0; }
.under-title { max-width: none; }
.under-title, .small { color: var(--soft-ink); font-size: 0.92rem; }
.verdict {
  display: grid; grid-template-columns: auto 1fr; gap: 0 1rem; margin: 1.8rem 0 1.4rem; padding: 1.15rem 1.4rem;
  border-radius: 0.6rem; border: 1px solid var(--tone); border-left-width: 0.45rem; background: var(--ground);
}
.verdict.consistent { --tone: var(--good); --ground: var(--good-ground); }
.verdict.inconsistent { --tone: var(--bad); --ground: var(--bad-ground); }
.verdict.not_comparable { --tone: var(--open); --ground: var(--open-ground); }
.verdict.solved { --tone: var(--accent); --ground: var(--card); }
.verdict > svg { width: 2.1rem; height: 2.1rem; color: var(--tone); margin-top: 0.1rem; }
.verdict h2 { border: 0; padding: 0; margin: 0.1rem 0 0.3rem; font-size: 1.3rem; color: var(--tone); }
.verdict p { margin: 0 0 0.3rem; max-width: 54rem; }
.verdict ul { margin: 0.5rem 0 0; padding-left: 1.1rem; font-size: 0.95rem; max-width: 54rem; }
.verdict li { margin: 0.25rem 0; }
.notice { padding: 0.8rem 1.1rem; border-left: 0.3rem solid var(--open); background: var(--open-ground); border-radius: 0.3rem; max-width: none; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(11.5rem, 1fr)); gap: 0.8rem; margin: 1.2rem 0; }
.tile { background: var(--card); border: 1px solid var(--rule); border-radius: 0.5rem; padding: 0.7rem 0.9rem; }
.tile dt { color: var(--soft-ink); font-size: 0.85rem; }
.tile dd { margin: 0.1rem 0 0; font-size: 1.08rem; font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.tile dd.note { font-size: 0.78rem; font-weight: 400; color: var(--soft-ink); white-space: normal; }
.equation { overflow-x: auto; padding: 0.5rem 0 0.5rem 1.4rem; white-space: nowrap; max-width: none; font-size: 1.06rem; }
.equation span { color: var(--soft-ink); padding-left: 2rem; font-size: 0.95rem; }
.figures { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 1.4rem; }
figure { margin: 0; padding: 1.1rem 1.2rem 1rem; background: var(--card); border: 1px solid var(--rule); border-radius: 0.6rem; grid-column: 1 / -1; min-width: 0; }
figure.half { grid-column: auto; }
figure h3 { font-size: 1.02rem; font-weight: 650; margin: 0 0 0.4rem; }
figure h3 span { color: var(--soft-ink); font-weight: 400; margin-right: 0.45rem; }
figure svg { display: block; width: 100%; height: auto; }
figure svg * { font-family: inherit; }
figcaption { font-size: 0.9rem; line-height: 1.5; color: var(--soft-ink); }
figcaption p { max-width: 58rem; margin: 0.5rem 0 0; }
figcaption b { color: var(--ink); font-weight: 600; }
.panels { display: grid; gap: 0.4rem 1.1rem; grid-template-columns: minmax(0, 1fr); }
.full .panels { grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)); }
.columns .panels { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); grid-template-rows: auto auto; grid-auto-flow: column; }
.beside { display: grid; grid-template-columns: minmax(0, 6fr) minmax(0, 5fr); column-gap: 1.8rem; align-content: start; }
.beside h3, .beside .legend { grid-column: 1 / -1; }
.panel h4 { margin: 0.5rem 0 0; font-size: 0.9rem; font-weight: 600; text-align: center; }
.legend { display: flex; flex-wrap: wrap; gap: 0.15rem 1.3rem; list-style: none; padding: 0; margin: 0 0 0.5rem; font-size: 0.87rem; max-width: none; }
.legend li { display: flex; align-items: center; gap: 0.5rem; }
.legend svg { width: 1.9rem; height: 0.9rem; flex: none; }
.missing { color: var(--soft-ink); font-style: italic; }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--rule); border-radius: 0.5rem; margin: 0.8rem 0; }
table { border-collapse: collapse; font-size: 0.88rem; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 0.36rem 0.8rem; text-align: right; white-space: nowrap; }
th { font-weight: 600; }
tbody tr + tr > * { border-top: 1px solid var(--rule); }
thead { color: var(--soft-ink); border-bottom: 1px solid var(--axes); }
.numbers { font-size: 0.82rem; }
.numbers th, .numbers td { padding: 0.36rem 0.42rem; }
.numbers th:first-child { padding-left: 0.8rem; }
.numbers td:last-child, .numbers th:last-child { padding-right: 0.8rem; }
.numbers tbody th { font-weight: 500; }
.numbers th:first-child, .facts th, .facts td { text-align: left; }
.numbers thead tr + tr th:first-child { text-align: right; padding-left: 0.42rem; }
.numbers th[colspan] { text-align: center; }
.facts th { font-weight: 500; color: var(--soft-ink); width: 17rem; }
.facts td { white-space: normal; overflow-wrap: anywhere; }
td.solution { color: var(--solution); }
details { margin: 0.9rem 0; }
summary { cursor: pointer; color: var(--accent); font-weight: 550; }
pre { overflow-x: auto; background: var(--card); border: 1px solid var(--rule); border-radius: 0.5rem; padding: 0.9rem 1.1rem; line-height: 1.45; }
footer { margin-top: 3rem; padding-top: 0.9rem; border-top: 1px solid var(--rule); color: var(--soft-ink); font-size: 0.85rem; }
@media (max-width: 52rem) {
  .figures { grid-template-columns: minmax(0, 1fr); }
  .columns .panels { grid-template-columns: minmax(0, 1fr); grid-template-rows: none; grid-auto-flow: row; }
  .beside { display: block; }
}
@media (max-width: 34rem) {
  main { padding: 1.4rem 0.9rem 3rem; }
  h1 { font-size: 1.5rem; }
  figure { padding: 0.9rem 0.7rem; }
  .verdict { padding: 0.9rem 1rem; gap: 0 0.7rem; }
  .tiles { grid-template-columns: 1fr 1fr; gap: 0.6rem; }
  .tile { padding: 0.6rem 0.7rem; }
  .tile dd { font-size: 1rem; }
  .facts th { width: auto; }
  .equation { padding-left: 0; font-size: 0.95rem; white-space: normal; }
}
@media print {
  :root {
    color-scheme: light;
    --page: #ffffff; --card: #ffffff; --ink: #000000; --soft-ink: #333b44; --rule: #cfd4d9; --axes: #77828d; --accent: #000000;
    --particles: #0072b2; --solution: #d55e00; --law: #009e73; --exponential: #a3548a; --surroundings: #8a6d1b; --check: #2b2f36; --muted: #9aa3ad;
    --good: #1a7f4e; --good-ground: #ffffff; --bad: #b3261e; --bad-ground: #ffffff; --open: #7a5b00; --open-ground: #ffffff;
  }
  body { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  figure, .verdict, .tiles, tr { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .scroll { overflow: visible; }
  table { font-size: 7pt; }
  th, td { padding: 0.2rem 0.35rem; }
}
)css";

}  // namespace powerstroke::report
