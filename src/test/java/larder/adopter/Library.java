package larder.adopter;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.PageImpl;
import org.springframework.data.domain.Pageable;
import org.springframework.data.domain.Sort;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** A service annotated as real applications are. */
@Service
class Library {

  private final BookRepository books;
  private final AtomicInteger loads = new AtomicInteger();

  Library(BookRepository books) {
    this.books = books;
  }

  long size() {
    return books.count();
  }

  /** Returns the count of calls that reached a method, to read and to reset. */
  AtomicInteger loads() {
    return loads;
  }

  record Loan(long book, String reader, Instant since, Optional<LocalDate> due, BigDecimal fee) {}

  /** A class with a part that no getter shows. */
  static class Shelf {
    private final String name;
    private final int hidden;

    Shelf(String name, int hidden) {
      this.name = name;
      this.hidden = hidden;
    }

    String describe() {
      return name + hidden;
    }
  }

  @Cacheable("titles")
  Optional<String> title(long book) {
    loads.incrementAndGet();
    return books.findById(book).map(Book::title);
  }

  @Cacheable("all-titles")
  List<String> titles() {
    loads.incrementAndGet();
    return books.findAll(Sort.by("title")).stream().map(Book::title).toList();
  }

  @Transactional
  void rename(long book, String title) {
    books.findById(book).orElseThrow().rename(title);
  }

  @Cacheable("loans")
  Loan loan(long book) {
    loads.incrementAndGet();
    return new Loan(
        book,
        "Grace",
        Instant.parse("2026-01-02T03:04:05.123456789Z"),
        Optional.of(LocalDate.of(2026, 2, 3)),
        new BigDecimal("1.50"));
  }

  @CachePut(cacheNames = "loans", key = "#book")
  Loan extend(long book, LocalDate due) {
    return new Loan(book, "Grace", Instant.EPOCH, Optional.of(due), BigDecimal.ONE);
  }

  @CacheEvict(cacheNames = "loans", allEntries = true)
  void closeForInventory() {}

  @Cacheable("reader")
  Optional<String> reader(long id) {
    loads.incrementAndGet();
    return id > 0 ? Optional.of("Reader " + id) : Optional.empty();
  }

  @Cacheable("nobody")
  @Nullable String nobody(long id) {
    loads.incrementAndGet();
    return null;
  }

  @Cacheable("counts")
  Map<String, List<Integer>> countsByGenre() {
    loads.incrementAndGet();
    return new TreeMap<>(Map.of("poetry", List.of(1, 2), "prose", List.of()));
  }

  @Cacheable("loan-pages")
  Page<Loan> loans(Pageable asked) {
    loads.incrementAndGet();
    return new PageImpl<>(List.of(loan(1), loan(2)), asked, 40);
  }

  @Cacheable("opening-hours")
  String openingHours() {
    loads.incrementAndGet();
    return "9 to 5";
  }

  @Cacheable("shelves")
  Shelf shelf(int number) {
    loads.incrementAndGet();
    return new Shelf("shelf", number);
  }

  @Cacheable("anything")
  Object anything(String kind) {
    loads.incrementAndGet();
    return kind.equals("text") ? kind : new Shelf(kind, 1);
  }

  @Cacheable(cacheNames = "synchronised", sync = true)
  String synchronised(String key) {
    loads.incrementAndGet();
    return "value of " + key;
  }

  @Cacheable("later")
  CompletableFuture<String> later(String key) {
    loads.incrementAndGet();
    return CompletableFuture.supplyAsync(() -> "later " + key);
  }

  @Cacheable(cacheNames = "shared", key = "#id")
  String asText(long id) {
    loads.incrementAndGet();
    return "text " + id;
  }

  @Cacheable(cacheNames = "shared", key = "#id")
  Loan asLoan(long id) {
    loads.incrementAndGet();
    return new Loan(id, "x", Instant.EPOCH, Optional.empty(), BigDecimal.TEN);
  }

  @Cacheable("by-object")
  String byObject(Object key) {
    loads.incrementAndGet();
    return "found";
  }
}
