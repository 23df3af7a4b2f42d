/// What a row says, as places in its bytes. Reused from row to row so that reading one allocates nothing.
struct RowValues {
  /// A column that is no part of the pair.
  struct Column {
    /// The field of the layout it matched in order, or -1.
    let field: Int
    /// Its name between the quotes.
    let name: StringSpan
    let value: ScalarOrNested
  }

  /// One message of a conversation.
  struct Turn {
    let speaker: Speaker
    let content: StringSpan
  }

  enum Speaker { case user, assistant, system }

  /// A value's place and what is known of its spelling.
  struct ScalarOrNested {
    enum Kind {
      case string(Spelling)
      /// A literal or an integer in its one spelling.
      case plain
      case number
      case nested
    }
    let start: Int
    let end: Int
    let kind: Kind

    /// True when the source bytes are known to be the value's canonical form.
    @inline(__always)
    var isCanonicalSource: Bool {
      switch kind {
      case .plain: true
      case .string(let spelling): spelling.isCanonical
      case .number, .nested: false
      }
    }
  }

  /// The texts of the pair; nil when the column is not there or is null.
  var instruction: StringSpan?
  var input: StringSpan?
  var output: StringSpan?
  var system: StringSpan?
  /// True when the system message is the first message and not a column.
  var systemIsMessage = false
  /// True when the row has a list of messages.
  var hasMessages = false
  var turns: [Turn] = []
  var columns: [Column] = []
  /// True when the row is known to be spelled as the layout spells it.
  var conforms = false

  mutating func removeAll() {
    instruction = nil
    input = nil
    output = nil
    system = nil
    systemIsMessage = false
    hasMessages = false
    turns.removeAll(keepingCapacity: true)
    columns.removeAll(keepingCapacity: true)
    conforms = false
  }
}
