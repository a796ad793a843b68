package larder.cache.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObservationsTests {

  private final ObservationRegistry registry = ObservationRegistry.create();
  private final Observations observations = new Observations(registry);
  private final List<Observation.Context> ended = new ArrayList<>();

  private void handle() {
    registry
        .observationConfig()
        .observationHandler(
            new ObservationHandler<Observation.Context>() {
              @Override
              public void onStop(Observation.Context context) {
                ended.add(context);
              }

              @Override
              public boolean supportsContext(Observation.Context context) {
                return true;
              }
            });
  }

  private void throwAtStart() {
    registry
        .observationConfig()
        .observationHandler(
            new ObservationHandler<Observation.Context>() {
              @Override
              public void onStart(Observation.Context context) {
                throw new IllegalStateException("an observer of no use");
              }

              @Override
              public boolean supportsContext(Observation.Context context) {
                return true;
              }
            });
  }

  @Test
  void observesWorkByTheNameOfItsCacheAndNothingElse() {
    handle();
    String answer =
        observations.observe(
            Observations.LOAD,
            "users",
            () -> {
              assertThat(registry.getCurrentObservation()).as("in its scope").isNotNull();
              return "ada";
            });
    assertThat(answer).isEqualTo("ada");
    assertThat(registry.getCurrentObservation()).isNull();
    assertThat(ended)
        .singleElement()
        .satisfies(
            context -> {
              assertThat(context.getName()).isEqualTo("larder.load");
              assertThat(context.getAllKeyValues()).isEqualTo(KeyValues.of("cache", "users"));
            });
  }

  @Test
  void observesWhatTheWorkThrows() {
    handle();
    IOException failure = new IOException("no");
    assertThatIOException()
        .isThrownBy(
            () ->
                observations.observe(
                    Observations.APPEND,
                    null,
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);
    assertThat(ended).singleElement().returns(failure, Observation.Context::getError);
  }

  @Test
  void anObserverThatThrowsIsOfNoConcernToTheCaller() {
    throwAtStart();
    handle();
    assertThat(
            observations.<String, RuntimeException>observe(Observations.LOAD, "users", () -> "x"))
        .isEqualTo("x");
    assertThat(registry.getCurrentObservation()).isNull();
  }

  @Test
  void withoutObserversNothingIsMade() {
    assertThat(
            observations.<Observation, RuntimeException>observe(
                Observations.LOAD, "users", registry::getCurrentObservation))
        .isNull();
  }
}
