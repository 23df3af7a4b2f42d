import Curation
import Records

extension Pair {
  /// What the task is, so that near-copies have the same key: instruction, input and the contents of earlier turns, each in
  /// its ``NormalForm``, with a zero byte between them.
  var taskKey: [UInt8] {
    var key = NormalForm.of(instruction)
    key.append(0)
    key += NormalForm.of(input ?? "")
    for turn in turns {
      key.append(0)
      key += NormalForm.of(turn.content)
    }
    return key
  }
}
