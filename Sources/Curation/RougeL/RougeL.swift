internal import CKernels

/// ROUGE-L of two lists of tokens: the F-measure of their longest common subsequence (Lin, "ROUGE: A Package for Automatic
/// Evaluation of Summaries", 2004), in the same doubles as the Python package rouge-score 0.1.2.
public enum RougeL {
  /// 2pr / (p + r) with p = `lcs` / `prediction` and r = `lcs` / `target`, which are lengths in tokens; 0 for an `lcs` of 0.
  ///
  /// Which of two texts is which does not matter: doubling is exact, and products and sums of doubles commute. For the
  /// record, self-instruct and Alpaca take the new instruction as the target.
  public static func score(lcs: Int, target: Int, prediction: Int) -> Double {
    guard lcs > 0, target > 0, prediction > 0 else { return 0 }
    return ck_rouge_l(lcs, target, prediction)
  }
}

/// Why lists could not be compared.
public enum RougeLError: Error, Hashable, Sendable {
  /// A threshold that is not from 0 to 1.
  case threshold(Double)
  /// More than 2³² − 2 lists, or a list with the token 2³² − 1.
  case tooMany
  /// Groups were given for another number of lists.
  case groups(Int, lists: Int)
  /// Decisions were given for another number of lists.
  case decisions(Int, lists: Int)
  case outOfMemory
}
