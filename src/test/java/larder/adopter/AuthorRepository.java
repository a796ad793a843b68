package larder.adopter;

import org.springframework.data.jpa.repository.JpaRepository;

/** A repository that nobody annotated. */
interface AuthorRepository extends JpaRepository<Author, Long> {}
