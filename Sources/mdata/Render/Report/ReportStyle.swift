/// How a report looks, light or dark as the reader's system is.
enum ReportStyle {
  static let sheet: StaticString = """
    :root { color-scheme: light dark; --page: #fff; --text: #1f2328; --faint: #59636e; --line: #d1d9e0; --card: #f6f8fa;
      --added: #116329; --added-back: #dafbe1; --removed: #a40e26; --removed-back: #ffebe9; --edited: #7d4e00;
      --before: #b35900; --after: #0969da; }
    @media (prefers-color-scheme: dark) { :root { --page: #0d1117; --text: #e6edf3; --faint: #9198a1; --line: #3d444d;
      --card: #151b23; --added: #7ee787; --added-back: #12331d; --removed: #ffa198; --removed-back: #48161b;
      --edited: #e3b341; --before: #f0883e; --after: #58a6ff; } }
    body { background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; margin: 0 auto;
      max-width: 60rem; padding: 1.5rem 1rem 4rem; overflow-wrap: anywhere; }
    h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; border-bottom: 1px solid var(--line); }
    h3 { font-size: 1rem; margin: 1.4rem 0 .3rem; }
    code { font-family: ui-monospace, monospace; font-size: .92em; }
    table { border-collapse: collapse; margin: .4rem 0; } th, td { padding: .15rem .8rem .15rem 0; text-align: left;
      vertical-align: top; } th { font-weight: 600; } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
    th, td.n { white-space: nowrap; overflow-wrap: normal; }
    .faint { color: var(--faint); } .added { color: var(--added); } .removed { color: var(--removed); }
    .edited { color: var(--edited); }
    svg { display: block; max-width: 100%; height: auto; } svg text { fill: var(--text); font: 11px system-ui, sans-serif; }
    .bar-before { fill: var(--before); } .bar-after { fill: var(--after); } .axis { stroke: var(--line); }
    .bar-added { fill: var(--added); } .bar-edited { fill: var(--edited); } .bar-removed { fill: var(--removed); }
    .key-before { color: var(--before); } .key-after { color: var(--after); }
    .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1rem; }
    figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .6rem .8rem; }
    figcaption { font-weight: 600; } figure table { font-size: .82rem; }
    article { border: 1px solid var(--line); border-radius: 6px; margin: .8rem 0; padding: .5rem .8rem; }
    article h3 { margin: 0 0 .3rem; } dl { margin: 0; } dt { color: var(--faint); font-size: .85rem; }
    dd { margin: 0 0 .4rem; white-space: pre-wrap; unicode-bidi: isolate; }
    ins { color: var(--added); background: var(--added-back); text-decoration: underline; }
    del { color: var(--removed); background: var(--removed-back); text-decoration: line-through; }
    @media print { body { max-width: none; } article, figure { break-inside: avoid; } }
    """
}
