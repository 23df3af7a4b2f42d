import Glibc
import Synchronization
import Testing

@testable import Objects

@Suite struct ThreadsTests {
  @Test(arguments: [0, 1, 2, 7]) func everyNumberIsDoneOnce(count: Int) {
    let done = Mutex<[Int]>([])
    Threads.run(count) { number in done.withLock { $0.append(number) } }
    #expect(done.withLock { $0.sorted() } == Array(0..<count))
  }

  @Test func theyWorkAtTheSameTime() {
    // Each waits for the other: on one thread this would not end.
    let (one, other) = (Signal(), Signal())
    Threads.run(2) { number in
      if number == 0 { one.give(); other.take() } else { other.give(); one.take() }
    }
  }

  @Test func aWorkThreadKeepsTheOrderAndEndsWithItsWork() {
    let done = Mutex<[Int]>([])
    let all = Signal()
    do {
      let thread = WorkThread()
      for number in 0..<1_000 {
        thread.add {
          done.withLock { $0.append(number) }
          if number == 999 { all.give() }
        }
      }
    }
    all.take()
    #expect(done.withLock { $0 } == Array(0..<1_000))
  }

  @Test func aDetachedThreadRuns() {
    let ran = Signal()
    #expect(Threads.detach { ran.give() })
    ran.take()
  }
}
