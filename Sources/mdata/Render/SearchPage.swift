import Workbench

/// What a search found, as text: a record with the parts of its fields around what was found.
struct SearchPage {
  let console: Console

  func print(_ result: SearchResult) {
    for hit in result.hits {
      let others = hit.short.count - 1
      let more = others > 0 ? console.styled("  and \(others.of("other record"))", .faint) : ""
      console.line(console.styled(hit.short.first ?? "", .identifier) + more)
      for snippet in hit.snippets {
        console.line("    \(snippet.field.padded(to: 12))" + text(snippet))
      }
    }
    if result.hits.isEmpty { console.inform("Nothing found") }
    if result.isMore { console.remark("note: there are more; `-n` shows more than \(result.hits.count)") }
  }

  /// On one line, with what was found coloured, or in square brackets where there is no colour.
  private func text(_ snippet: SearchResult.Snippet) -> String {
    snippet.pieces.map { text, isMatch in
      let shown = Self.flat(text)
      if !isMatch { return shown }
      return console.output.isColoured ? console.styled(shown, .edited) : "[\(shown)]"
    }.joined()
  }

  private static func flat(_ text: String) -> String {
    String(text.map { $0.isWhitespace ? " " : $0 }).escaped()
  }
}
