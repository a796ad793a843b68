package larder.adopter;

import java.util.List;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.data.jpa.repository.EntityGraph;
import org.springframework.data.jpa.repository.JpaRepository;

/** A repository that somebody annotated. */
interface BookRepository extends JpaRepository<Book, Long> {

  @Cacheable("books-by-title")
  @EntityGraph(attributePaths = "author")
  List<Book> findByTitleStartingWith(String start);
}
