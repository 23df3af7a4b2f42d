import Objects
import Records

extension FsckRun {
  func takeInventory() {
    guard (try? fileSystem.status(at("objects")))??.kind == .directory else { return }
    do {
      let progress = progress
      let found = try ObjectInventory(
        directory: at("objects"), fileSystem: fileSystem, threads: threads,
        progress: { progress(.objects, $0, $1) })
      inventory = found
      counts.packs = found.packs.count
      counts.objects = found.count
      counts.bytes = found.packs.reduce(0) { $0 + $1.bytes }
      for name in found.strangers { stranger("objects/" + name) }
      for name in names(in: "objects") where TemporaryName.matches(name) { stranger("objects/" + name) }
    } catch {
      damage(.unreadable, "objects", "\(error)", next: "look at its permissions and at the disk")
    }
  }

  /// What packs lost, with the versions and records that need it.
  func reportLosses() {
    var explained: Set<ObjectID> = []
    if let inventory {
      for (number, pack) in inventory.packs.enumerated() { report(pack, number, inventory, &explained) }
    }
    for loss in losses.all {
      switch loss.what {
      case .pack: continue
      case .object(let id):
        guard !explained.contains(id) else { continue }
        add(loss, .missing, "objects", nil, "the \(loss.kind.rawValue) \(id) is in no pack")
      case .misfit(let id, let reason):
        let subject = id == .zeroID ? "" : "the \(loss.kind.rawValue) \(id) is not as it must be: "
        add(loss, .structure, "objects", nil, subject + reason)
      }
    }
  }

  private func report(
    _ pack: ExaminedPack, _ number: Int, _ inventory: ObjectInventory, _ explained: inout Set<ObjectID>
  ) {
    let inner = "objects/" + pack.name
    if pack.isUnsupported {
      return damage(
        .pack, inner, pack.flaw?.reason ?? "", next: "use a newer mdata, or restore the file from a copy")
    }
    if let flaw = pack.flaw ?? (pack.hasPackName ? nil : (0, "it is a pack under another name")) {
      let loss = losses.loss(.pack(number))
      findings.append(
        Finding(
          .pack, path: shown(inner), offset: flaw.offset,
          "\(flaw.reason); \(pack.objects) of its objects are intact"
            + (loss == nil ? "" : " and out of reach"),
          commits: loss?.commits ?? [], records: loss?.records ?? ConcernedRecords()))
    }
    if let reason = pack.alteration {
      findings.append(
        Finding(
          .pack, path: shown(inner), offset: 0, "\(reason); all \(pack.objects) of its objects are intact"))
    }
    for entry in pack.lost {
      let needed = losses.all.first { loss in
        if case .object(let id) = loss.what { return id.word0 == entry.prefix }
        return false
      }
      if let needed, case .object(let id) = needed.what {
        explained.insert(id)
        add(
          needed, .object, inner, entry.offset,
          "the \(needed.kind.rawValue) \(id) is damaged: \(entry.reason)")
      } else {
        findings.append(
          Finding(
            .object, path: shown(inner), offset: entry.offset,
            "an object that no version lacks is damaged: \(entry.reason)"))
      }
    }
    if inventory.isReplaceable(number) { objectSteps.append(.replacePack(number, intact: pack.objects)) }
  }

  private func add(
    _ loss: Losses.Loss, _ kind: Finding.Kind, _ inner: String, _ offset: Int?, _ message: String
  ) {
    let uses = loss.uses.isEmpty ? "" : "; " + loss.uses.joined(separator: ", ")
    let next =
      switch loss.kind {
      case .pair, .origins, .batch, .prompt, .seed:
        "restore `.mdata/objects` from a copy, or bring the same file in again with `mdata add`"
      case .node, .run, .dictionary, .report, .reasons: "restore `.mdata/objects` from a copy"
      }
    findings.append(
      Finding(
        kind, path: shown(inner), offset: offset, message + uses, commits: loss.commits,
        records: loss.records, next: next))
  }
}
