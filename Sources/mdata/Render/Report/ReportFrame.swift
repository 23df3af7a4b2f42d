/// What frames every page: it needs no network, no script and no other file.
enum ReportFrame {
  static func begin(_ title: String, _ page: inout Markup) {
    page.raw(
      "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n<meta charset=\"utf-8\"/>\n"
    )
    // Should a defect of ours ever let markup through, the browser still runs and loads nothing.
    page.raw(
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n"
    )
    page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n")
    page.element("<title>", title, "</title>\n<style>\n")
    page.raw(ReportStyle.sheet)
    page.raw("\n</style>\n</head>\n<body>\n")
  }

  static func end(_ page: inout Markup) { page.raw("</body>\n</html>\n") }
}
