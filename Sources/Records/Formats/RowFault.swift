/// Why a row is no pair, and the offset of the fault in the bytes that hold the row.
struct RowFault: Error, Equatable {
  enum Reason: Equatable {
    case json(JSONFailure.Reason)
    case notAnObject
    case missing(String)
    case notText(String)
    case notMessages(String)
    case messageWithout(String, Int)
    case messageNotText(String, Int)
    case toolMessage(Int)
    case unknownSpeaker(String, Int)
    case noAnswer
    case noQuestion
    case twoSystems
    case csv(CSVFault)
  }

  let reason: Reason
  let byte: Int

  init(_ reason: Reason, at byte: Int) {
    self.reason = reason
    self.byte = byte
  }

  init(_ failure: ScanFailure) { self.init(.json(failure.reason), at: failure.byte) }
}

extension RowFault.Reason {
  /// The reason in words a person can act on.
  var message: String {
    switch self {
    case .json(let reason): reason.message
    case .notAnObject: "a row must be a JSON object"
    case .missing(let name): "the row has no \"\(name)\""
    case .notText(let name): "\"\(name)\" must be a string"
    case .notMessages(let name): "\"\(name)\" must be an array of messages"
    case .messageWithout(let name, let number): "message \(number) has no \"\(name)\""
    case .messageNotText(let name, let number):
      "\"\(name)\" of message \(number) is not a string; only text messages can be imported"
    case .toolMessage(let number):
      "message \(number) calls or answers a tool; only text messages can be imported"
    case .unknownSpeaker(let name, let number):
      "message \(number) is from \"\(name)\"; known are user, assistant and system (human, gpt)"
    case .noAnswer: "the last message must be the assistant's answer"
    case .noQuestion: "the message before the last must be the user's"
    case .csv(let fault): fault.message
    case .twoSystems: "the row has a system message twice"
    }
  }
}
