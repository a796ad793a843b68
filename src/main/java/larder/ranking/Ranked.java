package larder.ranking;

/**
 * A member of a leaderboard at one moment.
 *
 * @param rank counted from 1; of members with equal scores the one whose name is greater is first
 * @param member who
 * @param score the sum of the points as they weigh now
 */
public record Ranked(int rank, String member, long score) {}
