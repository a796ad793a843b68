package larder.monolith.settings;

import java.util.Optional;
import org.springframework.data.repository.Repository;

/** The table of settings. */
interface SettingRepository extends Repository<SettingEntity, String> {

  Optional<SettingEntity> findById(String id);

  SettingEntity saveAndFlush(SettingEntity row);
}
