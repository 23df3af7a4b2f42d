import Objects
import Records

extension FsckRun {
  private static let packLimit = 1 << 30

  /// Reads every file of the git repository's objects, whatever leads to them.
  func checkGitFiles() {
    let folder = "history.git/objects"
    for name in names(in: folder) {
      let inner = folder + "/" + name
      if name == "pack" || name == "info" {
        for file in names(in: inner) { checkGitPackFile(inner + "/" + file) }
      } else if name.utf8.count == 2, Hex.decode(name) != nil {
        for file in names(in: inner) { checkLoose(inner + "/" + file, name + file) }
      } else {
        stranger(inner)
      }
    }
    git = GitObjects(folder: at(folder), fileSystem: fileSystem)
  }

  private func checkLoose(_ inner: String, _ digits: String) {
    guard let id = CommitID(hex: digits), id.hex.utf8.elementsEqual(digits.utf8) else {
      return stranger(inner)
    }
    guard let bytes = contents(inner, limit: GitText.looseLimit, .history) else {
      damagedGitFiles[id] = (inner, "it cannot be read")
      return
    }
    guard let reason = GitText.flaw(ofLoose: bytes, id: id) else { return }
    damagedGitFiles[id] = (inner, reason)
    salvagedGitObjects[id] = GitText.salvaged(fromLoose: bytes, id: id)
  }

  /// Packs, their indexes and the commit graph end with the SHA-1 of what is before.
  private func checkGitPackFile(_ inner: String) {
    let isChecked = [".pack", ".idx", ".rev", ".bitmap", "/commit-graph", "/multi-pack-index"].contains {
      inner.hasSuffix($0)
    }
    if inner.hasSuffix(".keep") || inner.hasSuffix("/packs") || inner.hasSuffix("/alternates") { return }
    guard isChecked else {
      // A folder of commit graphs is one that git keeps and nothing here reads.
      if (try? fileSystem.status(at(inner)))??.kind == .regular { stranger(inner) }
      return
    }
    guard let bytes = contents(inner, limit: Self.packLimit, .history) else { return }
    guard bytes.count > 20, SHA1.digest(Array(bytes.dropLast(20))).elementsEqual(bytes.suffix(20)) else {
      damage(
        .history, inner, bytes.isEmpty ? "it is empty" : "its contents do not match the digest at its end",
        next: "restore the file from a copy; `git --git-dir .mdata/history.git fsck` says what is in it")
      return
    }
  }
}
