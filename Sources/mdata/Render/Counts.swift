import Records
import Workbench

extension Console {
  /// `3 added, 1 edited, 0 removed`, coloured where not nought.
  func counts(_ counts: ChangeCounts) -> String {
    [
      styled("\(counts.added.grouped) added", counts.added > 0 ? .added : .faint),
      styled("\(counts.edited.grouped) edited", counts.edited > 0 ? .edited : .faint),
      styled("\(counts.removed.grouped) removed", counts.removed > 0 ? .removed : .faint),
    ].joined(separator: ", ")
  }
}
