import Records

extension ObjectStore {
  /// Reads every byte of every pack, decodes and hashes every object, and returns all that is damaged: whole packs
  /// that cannot be opened, contents that do not match the digest that names them, and each object that is lost with
  /// its place. An empty result means that everything written is there. `progress` is called after each pack.
  public func check(progress: (PackInfo) -> Void = { _ in }) -> [ObjectsError] {
    refresh()
    let catalog = packs.catalog()
    var findings = catalog.failures
    let hasher = SHA256()
    do throws(ObjectsError) {
      let reader = try ObjectReader(packs, catalog: catalog, pending: nil)
      for file in catalog.files.values.sorted(by: { $0.path < $1.path }) {
        do throws(ObjectsError) { try file.checkAll(hasher) } catch { findings.append(error) }
        for position in 0..<file.count {
          do throws(ObjectsError) {
            if position > 0, file.prefix(position) < file.prefix(position - 1) {
              throw .damagedPack(
                path: file.path, offset: file.footer.indexOffset, reason: "the index is not in order")
            }
            _ = try reader.identify(position, in: file, Set(ObjectKind.allCases))
          } catch {
            findings.append(error)
          }
        }
        progress(file.info)
      }
    } catch {
      findings.append(error)
    }
    return findings
  }
}
