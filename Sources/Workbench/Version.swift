/// The version of this build.
public enum Version {
  /// Semantic version, as `mdata --version` prints it.
  public static let number = "0.1.0"
  /// What runs and exports name as their maker.
  public static let code = "mdata \(number)"
}
