package larder.cache.sql;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The functions of SQL and of the common databases that read no table and change nothing.
 *
 * <p>A function of the application's own may read and write whatever it likes, and its name does
 * not tell; so any name that is not known here leaves a doubt.
 */
final class KnownFunctions {

  private static final Pattern CALL = Pattern.compile("([A-Za-z_][\\w$.]*|\"[^\"]+\")\\s*\\(");

  /** Words that may stand before a parenthesis without calling anything. */
  private static final Set<String> WORDS =
      words(
          """
          select from where and or not in exists any all some on using values as over filter within
          group by order having union intersect except when then else case between like ilike limit
          offset fetch returning set into join inner outer left right full cross lateral with
          recursive materialized distinct is null table only key partition rows range escape
          conflict do row array cast numeric decimal varchar char character varying bit float
          timestamp time interval precision default unnest_to collate similar to first last next
          """);

  private static final Set<String> FUNCTIONS =
      words(
          """
          count sum avg min max every bool_and bool_or bit_and bit_or string_agg array_agg json_agg
          jsonb_agg json_object_agg jsonb_object_agg listagg stddev stddev_pop stddev_samp variance
          var_pop var_samp corr percentile_cont percentile_disc mode grouping row_number rank
          dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value coalesce
          nullif greatest least abs ceil ceiling floor round trunc truncate mod power sqrt exp ln log
          sign pi degrees radians sin cos tan asin acos atan atan2 random rand lower upper initcap
          length char_length character_length octet_length bit_length substring substr left right
          trim ltrim rtrim btrim lpad rpad replace translate concat concat_ws repeat reverse position
          strpos instr locate overlay split_part ascii chr char format md5 sha256 encode decode
          quote_literal quote_ident regexp_replace regexp_matches regexp_match regexp_like
          regexp_split_to_array starts_with to_char to_number to_date to_timestamp extract date_part
          date_trunc date_bin age now clock_timestamp statement_timestamp transaction_timestamp
          current_timestamp current_date current_time localtime localtimestamp make_date make_time
          make_timestamp make_timestamptz make_interval justify_days justify_hours timezone isfinite
          year month day hour minute second ifnull nvl isnull if iif json_build_object
          json_build_array jsonb_build_object jsonb_build_array to_json to_jsonb row_to_json
          json_extract_path jsonb_extract_path json_extract_path_text jsonb_extract_path_text
          json_array_length jsonb_array_length jsonb_set jsonb_typeof json_typeof jsonb_strip_nulls
          json_array_elements jsonb_array_elements json_array_elements_text
          jsonb_array_elements_text json_each jsonb_each json_object_keys jsonb_object_keys
          jsonb_path_exists jsonb_path_query unnest array_length array_position array_append
          array_prepend array_remove array_cat array_to_string string_to_array cardinality
          generate_series generate_subscripts gen_random_uuid uuid_generate_v4 uuidv4 uuidv7 to_tsvector
          to_tsquery plainto_tsquery phraseto_tsquery websearch_to_tsquery ts_rank ts_rank_cd
          ts_headline setweight similarity word_similarity unaccent num_nonnulls num_nulls width_bucket
          date timestampdiff timestampadd datediff dateadd hashtext hashtextextended nextval currval lastval
          pg_notify pg_advisory_lock pg_advisory_xact_lock pg_try_advisory_lock
          pg_try_advisory_xact_lock pg_advisory_unlock current_setting set_config version
          pg_backend_pid txid_current pg_current_xact_id current_database current_schema
          """);

  private KnownFunctions() {}

  private static Set<String> words(String text) {
    return Set.of(text.trim().split("\\s+"));
  }

  /**
   * Returns the name of a function that is called and not known; null if there is none.
   *
   * @param sql without strings and comments
   * @param names what may stand before a parenthesis beside functions, such as the table of an
   *     insert, in lower case
   */
  static @Nullable String unknownIn(String sql, Set<String> names) {
    Matcher calls = CALL.matcher(sql);
    while (calls.find()) {
      String name = calls.group(1).toLowerCase(Locale.ROOT);
      String plain = name.startsWith("pg_catalog.") ? name.substring(11) : name;
      if (!WORDS.contains(plain) && !FUNCTIONS.contains(plain) && !names.contains(plain)) {
        return calls.group(1);
      }
    }
    return null;
  }
}
