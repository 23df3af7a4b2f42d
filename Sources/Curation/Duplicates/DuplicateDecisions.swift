/// Which of many items stay when some are alike: a function of the links between them and of who is preferred.
public struct DuplicateDecisions: Sendable {
  /// An item that does not stay.
  public struct Drop: Hashable, Sendable {
    /// Its place.
    public let item: Int
    /// The place of the one that stays instead; when none does, of the one it is most alike to.
    public let other: Int
    /// How alike the two are; nil when they are linked through others only.
    public let score: Double?
  }

  /// In ascending order of the items.
  public let drops: [Drop]

  /// - Parameters:
  ///   - links: each couple at most once, in any order.
  ///   - rank: for each item how much it is preferred, the smallest most; all different.
  ///   - reach: how far likeness reaches.
  ///   - dropsAll: whether nothing stays of what is alike.
  public init(links: [DuplicateLink], rank: [Int], reach: DuplicateReach, dropsAll: Bool = false) {
    let graph = Graph(links, count: rank.count)
    if dropsAll {
      drops = Self.all(graph, rank)
    } else {
      switch reach {
      case .star: drops = Self.stars(graph, rank)
      case .chain: drops = Self.chains(graph, rank)
      }
    }
  }

  private static func all(_ graph: Graph, _ rank: [Int]) -> [Drop] {
    graph.items.compactMap { item in
      graph.neighbours(of: item).max { one, other in
        one.score != other.score ? one.score < other.score : rank[one.item] > rank[other.item]
      }.map { Drop(item: item, other: $0.item, score: $0.score) }
    }
  }

  /// The most preferred item stays and takes its neighbours out, and so on with what is left.
  private static func stars(_ graph: Graph, _ rank: [Int]) -> [Drop] {
    var drops: [Int: Drop] = [:]
    for item in graph.items.sorted(by: { rank[$0] < rank[$1] }) where drops[item] == nil {
      for next in graph.neighbours(of: item) where rank[next.item] > rank[item] && drops[next.item] == nil {
        drops[next.item] = Drop(item: next.item, other: item, score: next.score)
      }
    }
    return drops.values.sorted { $0.item < $1.item }
  }

  private static func chains(_ graph: Graph, _ rank: [Int]) -> [Drop] {
    var drops: [Drop] = []
    var seen: Set<Int> = []
    for start in graph.items.sorted(by: { rank[$0] < rank[$1] }) where seen.insert(start).inserted {
      var direct: [Int: Double] = [:]
      for next in graph.neighbours(of: start) { direct[next.item] = next.score }
      var waiting = [start]
      while let item = waiting.popLast() {
        for next in graph.neighbours(of: item) where seen.insert(next.item).inserted {
          drops.append(Drop(item: next.item, other: start, score: direct[next.item]))
          waiting.append(next.item)
        }
      }
    }
    return drops.sorted { $0.item < $1.item }
  }
}

/// The items that have links, each with its neighbours, in two arrays.
private struct Graph {
  /// Items with at least one link, ascending.
  let items: [Int]
  private let starts: [Int]
  private let edges: [(item: Int, score: Double)]

  init(_ links: [DuplicateLink], count: Int) {
    var starts = [Int](repeating: 0, count: count + 1)
    for link in links {
      starts[link.first + 1] += 1
      starts[link.second + 1] += 1
    }
    items = (0..<count).filter { starts[$0 + 1] > 0 }
    for item in 0..<count { starts[item + 1] += starts[item] }
    var places = starts
    var edges = [(item: Int, score: Double)](repeating: (0, 0), count: 2 * links.count)
    for link in links {
      edges[places[link.first]] = (link.second, link.score)
      edges[places[link.second]] = (link.first, link.score)
      places[link.first] += 1
      places[link.second] += 1
    }
    self.starts = starts
    self.edges = edges
  }

  func neighbours(of item: Int) -> ArraySlice<(item: Int, score: Double)> {
    edges[starts[item]..<starts[item + 1]]
  }
}
