/// All runs of words of one item, as the states of its suffix automaton: each stands for runs that end at the same places.
///
/// Built word by word in time in proportion to the item, whatever it repeats (Blumer et al., "The Smallest Automaton
/// Recognizing the Subwords of a Text", 1985).
struct SubwordAutomaton {
  /// Where there is no state, and no edge.
  private static let none = UInt32.max

  private struct State {
    /// Words of its longest run.
    var length: Int
    /// The state of the longest run that this one's end with and that also ends elsewhere.
    var link = SubwordAutomaton.none
    /// The place of the last word where its runs end first.
    var end: Int
    /// The last of its edges.
    var edges = SubwordAutomaton.none
  }

  private var states = [State(length: 0, end: -1)]
  private var last: UInt32 = 0
  /// Where a word leads from a state; the state in the upper half of the key.
  private var targets: [UInt64: UInt32] = [:]
  /// The words of all edges, and for each the one before it of the same state.
  private var edges: [(word: UInt32, before: UInt32)] = []

  /// The automaton of a list of words.
  init(_ words: some Sequence<UInt32>) {
    for (place, word) in words.enumerated() { append(word, at: place) }
  }

  private mutating func append(_ word: UInt32, at place: Int) {
    let new = add(State(length: states[Int(last)].length + 1, end: place))
    var state = last
    last = new
    while state != Self.none, target(state, word) == nil {
      connect(state, word, new)
      state = states[Int(state)].link
    }
    guard state != Self.none, let found = target(state, word) else {
      states[Int(new)].link = 0
      return
    }
    let length = states[Int(state)].length + 1
    guard length < states[Int(found)].length else {
      states[Int(new)].link = found
      return
    }
    // The shorter of its runs end here too, the longer ones do not: it becomes two states.
    let original = states[Int(found)]
    let shorter = add(State(length: length, link: original.link, end: original.end))
    var edge = original.edges
    while edge != Self.none {
      let (word, before) = edges[Int(edge)]
      if let target = target(found, word) { connect(shorter, word, target) }
      edge = before
    }
    while state != Self.none, target(state, word) == found {
      targets[Self.key(state, word)] = shorter
      state = states[Int(state)].link
    }
    states[Int(found)].link = shorter
    states[Int(new)].link = shorter
  }

  /// What it consists of: fewer than twice and three times the item's words.
  var size: (states: Int, edges: Int) { (states.count, targets.count) }

  /// The longest run that ends at each of some words and is a run of the item too.
  /// - Parameter body: called for each word that the item has, with the word's place, the run's length, and where it
  ///   begins first in the item.
  func matches(_ words: some Sequence<UInt32>, _ body: (_ place: Int, _ length: Int, _ start: Int) -> Void) {
    var state: UInt32 = 0
    var length = 0
    for (place, word) in words.enumerated() {
      var next = target(state, word)
      while next == nil, state != 0 {
        state = states[Int(state)].link
        length = states[Int(state)].length
        next = target(state, word)
      }
      guard let next else { continue }
      state = next
      length += 1
      body(place, length, states[Int(state)].end - length + 1)
    }
  }

  private mutating func add(_ state: State) -> UInt32 {
    states.append(state)
    return UInt32(states.count - 1)
  }

  private mutating func connect(_ state: UInt32, _ word: UInt32, _ target: UInt32) {
    targets[Self.key(state, word)] = target
    edges.append((word, states[Int(state)].edges))
    states[Int(state)].edges = UInt32(edges.count - 1)
  }

  private func target(_ state: UInt32, _ word: UInt32) -> UInt32? { targets[Self.key(state, word)] }

  private static func key(_ state: UInt32, _ word: UInt32) -> UInt64 { UInt64(state) << 32 | UInt64(word) }
}
