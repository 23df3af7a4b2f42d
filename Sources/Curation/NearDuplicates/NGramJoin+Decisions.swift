extension NGramJoin {
  /// What ``DuplicateDecisions`` decides on ``links()``, without making them: items with equal sets are decided as one, of a
  /// star only what stays is compared, and of a chain only what is not yet known to hang together.
  ///
  /// - Parameters:
  ///   - rank: for each item how much it is preferred, the smallest most; all different.
  ///   - reach: how far likeness reaches.
  ///   - dropsAll: whether nothing stays of what is alike.
  public func decisions(rank: [Int], reach: DuplicateReach, dropsAll: Bool = false) -> DuplicateDecisions {
    precondition(rank.count == count, "a rank for each item")
    let ranked = RankedClasses(classes, rank: rank)
    let drops =
      if dropsAll {
        nearest(ranked)
      } else {
        switch reach {
        case .star: stars(ranked)
        case .chain: chains(ranked)
        }
      }
    return DuplicateDecisions(drops: drops)
  }

  /// The most preferred item stays and takes out what is alike to it: only what stays has to be found again.
  private func stars(_ ranked: RankedClasses) -> [DuplicateDecisions.Drop] {
    let items = ranked.order.map { classes.representatives[$0] }
    var drops: [DuplicateDecisions.Drop] = []
    withSearch { index, scorer in
      for (place, item) in items.enumerated() {
        index.prefetch(items, after: place)
        let number = ranked.order[place]
        let found = index.candidates(for: item)
        let candidates =
          found.isEmpty ? [] : found.map { (ranked.places[self.number(of: $0)], $0) }.sorted(by: <)
        var keeper: (number: Int, score: Double)?
        for (_, other) in candidates {
          guard let score = scorer.score(item, other) else { continue }
          keeper = (self.number(of: other), score)
          break
        }
        if let keeper {
          drop(number, for: ranked.best[keeper.number], score: keeper.score, into: &drops)
        } else {
          index.add(item)
          drop(number, for: ranked.best[number], score: 1, into: &drops)
        }
      }
    }
    return drops.sorted { $0.item < $1.item }
  }

  /// Of everything that hangs together the most preferred item stays.
  private func chains(_ ranked: RankedClasses) -> [DuplicateDecisions.Drop] {
    var drops: [DuplicateDecisions.Drop] = []
    withSearch { index, scorer in
      let items = classes.representatives
      var components = DisjointSets(classes.count)
      for (number, item) in items.enumerated() {
        index.prefetch(items, after: number)
        for other in index.candidates(for: item) {
          let otherNumber = self.number(of: other)
          if components.find(number) != components.find(otherNumber), scorer.score(item, other) != nil {
            components.join(number, otherNumber)
          }
        }
        index.add(item)
      }
      // In the order of preference the first of each component is the one that stays.
      var keepers = [Int?](repeating: nil, count: classes.count)
      var followers: [(keeper: Int, number: Int)] = []
      for number in ranked.order {
        let root = components.find(number)
        if let keeper = keepers[root] {
          followers.append((keeper, number))
        } else {
          keepers[root] = number
          drop(number, for: ranked.best[number], score: 1, into: &drops)
        }
      }
      followers.sort { $0 < $1 }
      for (keeper, number) in followers {
        drop(
          number, for: ranked.best[keeper], score: scorer.score(items[keeper], items[number]), into: &drops)
      }
    }
    return drops.sorted { $0.item < $1.item }
  }

  private func number(of item: UInt32) -> Int { Int(classes.classes[Int(item)]) }

  /// Each item that is alike to another, with the one that it is most alike to.
  private func nearest(_ ranked: RankedClasses) -> [DuplicateDecisions.Drop] {
    var nearest = [(score: Double, number: Int)?](repeating: nil, count: classes.count)
    func offer(_ number: Int, to other: Int, _ score: Double) {
      if let known = nearest[other] {
        guard
          score > known.score || score == known.score && ranked.places[number] < ranked.places[known.number]
        else { return }
      }
      nearest[other] = (score, number)
    }
    forEachClassLink { one, other, score in
      offer(one, to: other, score)
      offer(other, to: one, score)
    }
    var drops: [DuplicateDecisions.Drop] = []
    for number in 0..<classes.count {
      for item in classes.members(of: number) {
        var choices: [(item: Int, score: Double)] = []
        if let near = nearest[number] { choices.append((Int(ranked.best[near.number]), near.score)) }
        if let equal = item == ranked.best[number] ? ranked.second[number] : ranked.best[number] {
          choices.append((Int(equal), 1))
        }
        let choice = choices.max {
          $0.score != $1.score ? $0.score < $1.score : ranked.rank[$0.item] > ranked.rank[$1.item]
        }
        if let choice {
          drops.append(DuplicateDecisions.Drop(item: Int(item), other: choice.item, score: choice.score))
        }
      }
    }
    return drops.sorted { $0.item < $1.item }
  }

  private func drop(
    _ number: Int, for kept: UInt32, score: Double?, into drops: inout [DuplicateDecisions.Drop]
  ) {
    for item in classes.members(of: number) where item != kept {
      drops.append(DuplicateDecisions.Drop(item: Int(item), other: Int(kept), score: score))
    }
  }
}

extension DuplicateDecisions {
  /// Decisions made elsewhere, in ascending order of the items.
  fileprivate init(drops: [Drop]) { self.drops = drops }
}

/// Classes in the order of their most preferred members.
private struct RankedClasses {
  let rank: [Int]
  /// The most preferred member of each class, and the next where there is one.
  let best: [UInt32]
  let second: [UInt32?]
  /// Classes, the most preferred first, and each one's place there.
  let order: [Int]
  let places: [Int]

  init(_ classes: SetClasses, rank: [Int]) {
    self.rank = rank
    var best = classes.representatives
    var second = [UInt32?](repeating: nil, count: classes.count)
    for number in 0..<classes.count {
      for item in classes.members(of: number).dropFirst() {
        if rank[Int(item)] < rank[Int(best[number])] {
          second[number] = best[number]
          best[number] = item
        } else if second[number].map({ rank[Int(item)] < rank[Int($0)] }) ?? true {
          second[number] = item
        }
      }
    }
    self.best = best
    self.second = second
    order = (0..<classes.count).sorted { rank[Int(best[$0])] < rank[Int(best[$1])] }
    var places = [Int](repeating: 0, count: classes.count)
    for (place, number) in order.enumerated() { places[number] = place }
    self.places = places
  }
}
