import Testing

@testable import History

@Suite struct RefNameTests {
  @Test(arguments: ["main", "topic/one", "v1.0.0", "a", "_x", "A-b+c.d", "x/y/z", "1", "release-2024.01"])
  func `plain names are taken`(name: String) throws {
    #expect(try RefName.branch(name).full == "refs/heads/\(name)")
    #expect(try RefName.tag(name).tagName == name)
    #expect(try RefName(full: "refs/heads/\(name)").branchName == name)
  }

  @Test(arguments: [
    "", "-x", "--force", "a/-b", ".", "..", "a..b", ".hidden", "a/.b", "dot.", "a./b", "x.lock", "a.lock/b",
    "/a", "a/",
    "a//b", "a b", "a\tb", "a\nb", "a\u{0}b", "a\u{1b}[31m", "@", "@{u}", "a@{1}", "a~1", "a^", "a:b", "a?b",
    "a*b", "a[b",
    "a\\b", "HEAD", "head", "é", "e\u{301}", "日本", "../../etc/passwd", "a/../b",
    "0123456789abcdef0123456789ABCDEF01234567",
    String(repeating: "a", count: 201), "\u{202e}gpj", "a\u{7f}", "$(x)", "`x`", "a;b", "a|b", "a'b", "a\"b",
    "<x>", "a&b",
  ])
  func `hostile names are refused`(name: String) {
    #expect(throws: GitError.self) { try RefName.branch(name) }
    #expect(throws: GitError.self) { try RefName.tag(name) }
    #expect(throws: GitError.self) { try RefName(full: name == "HEAD" ? "" : name) }
  }

  @Test func `a file put where a reference belongs is not followed`() throws {
    #expect(throws: GitError.self) { try RefName(full: "refs/notes/x") }
    #expect(throws: GitError.self) { try RefTarget(text: "refs/heads/../../x") }
    #expect(throws: GitError.self) { try RefTarget(text: "12ab") }
  }
}
