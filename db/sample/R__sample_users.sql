-- About 2,000 believable people for development. The same people each time; those who are there already stay as they are.
-- The password of everyone is larder-demo. "ada" is an administrator, "grace" an ordinary member.

-- A number from 0 to below 1 that belongs to the key.
create function pg_temp.fraction(key text) returns double precision language sql immutable as $$
  select ('x' || substr(md5(key), 1, 8))::bit(32)::bigint / 4294967296.0
$$;

-- The one of the choices that belongs to the key.
create function pg_temp.pick(key text, choices text[]) returns text language sql immutable as $$
  select choices[1 + floor(pg_temp.fraction(key) * cardinality(choices))::int]
$$;

-- Lower case letters of ASCII for a name in Latin script.
create function pg_temp.plain(name text) returns text language sql immutable as $$
  select regexp_replace(
    translate(
      replace(replace(replace(lower(name), 'æ', 'ae'), 'ß', 'ss'), 'þ', 'th'),
      'áàâäãåąăāạảấầçćčďđðéèêëęěēệễğíìîïıīịķłľļñńňņóòôöõøőōọơřŕśšşșťţțúùûüűůūưýÿźžżứặếỗ',
      'aaaaaaaaaaaaacccdddeeeeeeeeegiiiiiiiklllnnnnoooooooooorrsssstttuuuuuuuuyyzzzuaeo'),
    '[^a-z]', '', 'g')
$$;

-- Names that go together, and where people of these names live. "Name=ascii" where the script is not Latin.
create temporary table sample_culture (culture text, weight int, firsts text[], lasts text[], cities text[]) on commit drop;
insert into sample_culture values
('en', 180,
 '{Olivia,Jack,Amelia,Harry,Isla,George,Freya,Thomas,Imogen,Callum,Beatrix,Rhys,Harriet,Owen,Maisie,Desmond,Tabitha,Malcolm,Hazel,Winston}',
 '{Ashworth,Bennett,Calloway,Davies,Everett,Fairbanks,Gallagher,Hargreaves,Ingram,Jennings,Kendrick,Lockwood,Merriweather,Nightingale,Okafor-Reed,Pemberton,Quigley,Radcliffe,Sinclair,Thornbury}',
 '{Bristol,Leeds,Cardiff,Portland,Wellington,Halifax}'),
('us', 150,
 '{Madison,Tyler,Brooke,Marcus,Naomi,Wyatt,Savannah,Elijah,Paige,Darnell,Autumn,Caleb,Jasmine,Hunter,Rosalind,Theodore,Willa,Emmett,Juniper,Silas}',
 '{Anderson,Brooks,Carmichael,Delgado,Emerson,Fitzgerald,Goldberg,Hayes,Irving,Jefferson,Kowalczyk,Langley,Montgomery,Nakamura,Oakley,Prescott,Rutherford,Sullivan,Tate,Whitaker}',
 '{Chicago,Austin,Duluth,Savannah,Boise,Oakland}'),
('de', 110,
 '{Jürgen,Anke,Matthias,Svenja,Holger,Katharina,Björn,Ulrike,Moritz,Greta,Lothar,Frieda,Jonas,Heike,Till,Marlene}',
 '{Schäfer,Köhler,Vogt,Brandt,Großmann,Lindner,Krüger,Hoffmann,Weiß,Reinhardt,Böhm,Seidel,Hartwig,Zimmermann,Pfeiffer,Jäger}',
 '{Leipzig,Freiburg,Bremen,Münster,Graz,Basel}'),
('fr', 110,
 '{Élodie,Mathieu,Zoé,Rémi,Chloé,Benoît,Océane,Lucien,Maëlle,Thibault,Noémie,Gaël,Solène,Étienne,Margaux,Cédric}',
 '{Lefèvre,Moreau,Garnier,Chevalier,Fontaine,Rousseau,Dubois,Mercier,Blanchard,Gauthier,Béranger,Perrin,Delacroix,Marchand,Aubert,Lacombe}',
 '{Nantes,Lyon,Lille,Montréal,Toulouse,Liège}'),
('es', 120,
 '{Lucía,Álvaro,Inés,Joaquín,Valentina,Matías,Rocío,Andrés,Jimena,Tomás,Ximena,Rubén,Paloma,Íñigo,Soledad,Emiliano}',
 '{García,Fernández,Ibáñez,Castellanos,Núñez,Villalobos,Ordóñez,Salazar,Echeverría,Cárdenas,Montoya,Peña,Quintero,Restrepo,Zambrano,Aguirre}',
 '{Valencia,Bilbao,Medellín,Rosario,Oaxaca,Valparaíso}'),
('pt', 100,
 '{João,Mariana,Tiago,Beatriz,Caetano,Luísa,Gonçalo,Inês,Rafael,Letícia,Davi,Conceição,Vinícius,Sofia,Murilo,Helena}',
 '{Almeida,Barbosa,Cardoso,Duarte,Esteves,Fonseca,Gonçalves,Henriques,Magalhães,Nogueira,Oliveira,Peixoto,Queirós,Ribeiro,Simões,Teixeira}',
 '{Porto,Coimbra,Recife,Curitiba,Braga,Salvador}'),
('it', 90,
 '{Giulia,Lorenzo,Chiara,Matteo,Ludovica,Niccolò,Elisa,Davide,Ginevra,Pietro,Serena,Edoardo,Viola,Ruggero}',
 '{Bianchi,Colombo,De Luca,Esposito,Ferrara,Galli,Lombardi,Marchetti,Neri,Pellegrini,Rinaldi,Santoro,Testa,Vitale}',
 '{Torino,Bologna,Trieste,Lecce,Genova,Lugano}'),
('nl', 70,
 '{Sanne,Daan,Femke,Jeroen,Lotte,Bram,Marijke,Thijs,Anouk,Ruben,Wouter,Nienke}',
 '{van den Berg,de Vries,Bakker,Visser,Mulder,Dekker,van Dijk,Hendriks,Kuipers,Postma,Hoekstra,Zijlstra}',
 '{Utrecht,Groningen,Gent,Leiden,Haarlem}'),
('nordic', 110,
 '{Åsa,Bjørn,Sigrid,Lars,Freja,Søren,Ingrid,Øystein,Astrid,Magnus,Sólveig,Þórdís,Elin,Torbjörn,Linnéa,Håkon}',
 '{Lindqvist,Østergaard,Bergström,Halvorsen,Nygård,Dahl,Sjöberg,Kjær,Blöndal,Holm,Åkerlund,Skov,Haugen,Nordström,Rask,Strand}',
 '{Bergen,Uppsala,Aarhus,Reykjavík,Tromsø,Göteborg}'),
('fi', 50,
 '{Aino,Väinö,Helmi,Eero,Päivi,Jussi,Saara,Onni,Tuuli,Ilmari}',
 '{Korhonen,Mäkinen,Nieminen,Hämäläinen,Järvinen,Lehtonen,Virtanen,Rautio,Peltola,Koskela}',
 '{Tampere,Turku,Oulu,Rovaniemi}'),
('pl', 90,
 '{Agnieszka,Łukasz,Małgorzata,Paweł,Zofia,Krzysztof,Hanna,Michał,Żaneta,Wojciech,Iga,Stanisław,Bożena,Rafał}',
 '{Zając,Wójcik,Krawczyk,Pawlak,Sikora,Wróbel,Żak,Nowak,Mazur,Kaczmarek,Duda,Bąk,Gołąb,Stępień}',
 '{Kraków,Gdańsk,Wrocław,Łódź,Poznań}'),
('cz', 70,
 '{Kateřina,Jiří,Tereza,Ondřej,Zdeňka,Matěj,Ľubica,Štěpán,Adéla,Radek,Šárka,Vojtěch}',
 '{Krejčí,Kočí,Martinů,Petrů,Janů,Pavlů,Matějů,Jakubů,Dolejší,Hořejší}',
 '{Brno,Olomouc,Košice,Plzeň,Bratislava}'),
('hu', 50,
 '{Zsófia,Gergő,Eszter,Bálint,Réka,Máté,Kinga,Ákos,Dorottya,Zoltán}',
 '{Szabó,Kovács,Tóth,Nagy,Horváth,Farkas,Kőszegi,Molnár,Lakatos,Szűcs}',
 '{Szeged,Pécs,Debrecen,Budapest}'),
('tr', 80,
 '{Elif,Emre,Zeynep,Barış,Defne,Oğuz,Şebnem,Kerem,Gülşah,Yiğit,Nazlı,Çağlar}',
 '{Yılmaz,Demir,Aydın,Çelik,Öztürk,Koç,Şahin,Arslan,Güneş,Erdoğan,Kaplan,Tunç}',
 '{İzmir,Ankara,Bursa,Trabzon,Eskişehir}'),
('gr', 50,
 '{Ελένη=eleni,Νίκος=nikos,Δήμητρα=dimitra,Σταύρος=stavros,Άννα=anna,Γιώργος=giorgos,Κατερίνα=katerina,Θανάσης=thanasis}',
 '{Βασιλείου=vasileiou,Αντωνίου=antoniou,Δημητρίου=dimitriou,Γεωργίου=georgiou,Νικολάου=nikolaou,Χρήστου=christou,Οικονόμου=oikonomou,Παπαδημητρίου=papadimitriou}',
 '{Patras,Thessaloniki,Heraklion,Volos}'),
('uk', 70,
 '{Оксана=oksana,Тарас=taras,Леся=lesia,Богдан=bohdan,Соломія=solomiia,Андрій=andrii,Дарина=daryna,Юрій=yurii,Зоряна=zoriana,Остап=ostap}',
 '{Шевченко=shevchenko,Коваленко=kovalenko,Бондаренко=bondarenko,Мельник=melnyk,Ткаченко=tkachenko,Кравець=kravets,Лисенко=lysenko,Гончар=honchar,Мороз=moroz,Савчук=savchuk}',
 '{Lviv,Kyiv,Odesa,Poltava}'),
('ar', 90,
 '{Layla,Omar,Yasmin,Karim,Nour,Tariq,Salma,Hassan,Amira,Ziad,Rania,Bilal,Huda,Faris}',
 '{Haddad,El-Sayed,Mansour,Khoury,Benali,Al-Farsi,Nasser,Cherkaoui,Bouazizi,Saleh,Darwish,Al-Amin,Zeidan,Hakim}',
 '{Amman,Beirut,Rabat,Tunis,Alexandria,Muscat}'),
('ir', 50,
 '{Shirin,Dariush,Nasrin,Kaveh,Parisa,Arash,Mahsa,Siavash,Golnaz,Babak}',
 '{Rahimi,Tehrani,Karimi,Golestani,Shahbazi,Moradi,Jafari,Ebrahimi,Sohrabi,Vaziri}',
 '{Shiraz,Isfahan,Tabriz,Hamburg}'),
('in', 140,
 '{Ananya,Arjun,Meera,Rohan,Kavya,Vikram,Ishita,Aditya,Lakshmi,Siddharth,Priya,Nikhil,Divya,Harpreet,Farhan,Tanvi}',
 '{Sharma,Iyer,Banerjee,Patel,Krishnamurthy,Deshpande,Kaur,Menon,Chatterjee,Reddy,Joshi,Bhattacharya,Nair,Qureshi,Gill,Rao}',
 '{Pune,Kochi,Bengaluru,Kolkata,Jaipur,Chandigarh}'),
('cn', 90,
 '{静怡=jingyi,浩然=haoran,雨桐=yutong,子轩=zixuan,欣妍=xinyan,文博=wenbo,晓梅=xiaomei,建国=jianguo,思远=siyuan,佳琪=jiaqi}',
 '{王=wang,李=li,张=zhang,刘=liu,陈=chen,杨=yang,赵=zhao,黄=huang,周=zhou,吴=wu}',
 '{Chengdu,Hangzhou,Taipei,Xiamen,Singapore}'),
('jp', 90,
 '{さくら=sakura,健太=kenta,美咲=misaki,大輔=daisuke,陽菜=hina,翔太=shota,葵=aoi,直樹=naoki,由美子=yumiko,蓮=ren}',
 '{佐藤=sato,鈴木=suzuki,高橋=takahashi,田中=tanaka,渡辺=watanabe,中村=nakamura,小林=kobayashi,山本=yamamoto,松本=matsumoto,井上=inoue}',
 '{Kyoto,Sapporo,Fukuoka,Kanazawa,Sendai}'),
('kr', 70,
 '{서연=seoyeon,민준=minjun,지우=jiwoo,하은=haeun,도윤=doyun,수빈=subin,현우=hyunwoo,예린=yerin}',
 '{김=kim,이=lee,박=park,최=choi,정=jung,강=kang,조=cho,윤=yoon}',
 '{Busan,Daegu,Jeonju,Seoul}'),
('vn', 60,
 '{Linh,Minh,Thảo,Tuấn,Hương,Đức,Ngọc,Khải,Trâm,Quân}',
 '{Nguyễn,Trần,Phạm,Hoàng,Đặng,Bùi,Võ,Đỗ,Lý,Dương}',
 '{Huế,Hanoi,Da Nang,Can Tho}'),
('ng', 90,
 '{Chiamaka,Tunde,Ngozi,Emeka,Folake,Ibrahim,Adaeze,Segun,Zainab,Obinna,Yetunde,Musa}',
 '{Okonkwo,Adeyemi,Balogun,Eze,Nwosu,Abubakar,Olawale,Chukwu,Ogunleye,Danjuma,Ibe,Afolabi}',
 '{Lagos,Ibadan,Enugu,Abuja}'),
('afr', 90,
 '{Wanjiru,Kwame,Amina,Baraka,Abena,Thabo,Nandi,Otieno,Zawadi,Kofi,Lerato,Tesfaye,Makena,Sipho}',
 '{Mwangi,Mensah,Kamau,Dlamini,Owusu,Achieng,Nkosi,Boateng,Njoroge,Mokoena,Asante,Bekele,Zulu,Wekesa}',
 '{Nairobi,Accra,Durban,Kisumu,Kigali,Kumasi}'),
('pacific', 50,
 '{Aroha,Tane,Mele,Sione,Hinemoa,Wiremu,Leilani,Keoni,Marama,Nikau}',
 '{Parata,Tuilagi,Kahale,Ngata,Faleolo,Rangihuna,Kealoha,Tamatea,Vea,Hohepa}',
 '{Rotorua,Apia,Hilo,Whanganui}');

create temporary table sample_word (kind text primary key, words text[]) on commit drop;
insert into sample_word values
('job', '{Marine biologist,Bus driver,Paediatric nurse,Backend developer,Secondary school teacher,Cabinetmaker,Freelance translator,Structural engineer,Pastry chef,Librarian,Product designer,Beekeeper,Radio producer,Physiotherapist,Data analyst,Tram mechanic,Landscape gardener,Stage manager,Bookbinder,Astronomy student,Civil servant,Bike courier,Veterinary assistant,Sound engineer,Cartographer,Midwife,Accountant,Ceramics teacher,Train dispatcher,Accessibility consultant,Geologist,Violin maker,Retired surveyor,Site reliability engineer,Legal aid lawyer,Cheesemonger}'),
('likes', '{bakes rye bread,collects railway timetables,sings in a choir,plays five-a-side on Thursdays,repairs old radios,grows far too many tomatoes,swims outdoors all year,learns Icelandic,photographs doorways,runs slowly and happily,restores bicycles,plays the accordion,watches birds,reads crime novels,knits socks,climbs indoors,ferments everything,draws maps of places that do not exist,plays chess by post,cooks for twelve,keeps a weather diary,translates poems,builds tiny boats,dances lindy hop,forages for mushrooms,tinkers with synthesizers,volunteers at the food bank,walks other people''s dogs,studies for a sailing licence,writes letters by hand}'),
('motto', '{"Tea over coffee.","Always up for a walk.","Ask me about sourdough.","Slow to answer, glad to read.","Two cats, no regrets.","Still looking for the perfect dumpling.","Here to learn.","Mostly offline at weekends.","Open source when there is time.","Parent of twins, short of sleep.","Says yes to board games.","Happy to help newcomers.","Moved here for the mountains.","New in town, recommendations welcome.","Trains over planes.","Left-handed and proud of it."}');

-- Everyone who could be, in an order that is the same each time; the first ones of each culture join.
create temporary table sample_person on commit drop as
with candidate as (
  select culture, weight, cities, split_part(f, '=', 1) as first_name, split_part(l, '=', 1) as last_name,
         coalesce(nullif(split_part(f, '=', 2), ''), pg_temp.plain(f)) as first_plain,
         coalesce(nullif(split_part(l, '=', 2), ''), pg_temp.plain(l)) as last_plain,
         md5(culture || f || ' ' || l) as key,
         row_number() over (partition by culture order by md5(culture || f || ' ' || l)) as place
  from sample_culture, unnest(firsts) as f, unnest(lasts) as l
), person as (
  select *, row_number() over (order by key) as n,
         power(pg_temp.fraction(key || 'joined'), 1.4) as age, pg_temp.fraction(key || 'form') as form
  from candidate where place <= weight * 0.9
), handled as (
  select *, left(case
      when form < 0.30 then first_plain || '-' || last_plain
      when form < 0.50 then first_plain || last_plain
      when form < 0.62 then left(first_plain, 1) || last_plain
      when form < 0.74 then first_plain || '_' || left(last_plain, 1)
      when form < 0.88 then first_plain || (70 + floor(pg_temp.fraction(key || 'year') * 30))::text
      else last_plain || '_' || first_plain
    end, 26) as wish
  from person where n <= 1998
)
select *, wish || coalesce(nullif(row_number() over (partition by wish order by key), 1)::text, '') as handle
from handled;

insert into users (handle, email, display_name, bio, password_hash, administrator, created_at, updated_at)
select handle, lower(handle) || '@example.' || pg_temp.pick(handle, '{com,org,net}'), display_name, bio,
       '{bcrypt}$2a$10$.VBYZmfRUdvhQgRdawszOOc2Ubnp9Jb4iiRJC/b5XbMYagL0/Y3hC', administrator, created_at, created_at + (now() - created_at) * edited
from (
  select handle, false as administrator,
         case when culture in ('cn', 'kr') then last_name || first_name
              when culture in ('jp', 'hu', 'vn') then last_name || ' ' || first_name
              else first_name || ' ' || last_name end as display_name,
         case when form < 0.10 then ''
              when form < 0.25 then pg_temp.pick(key || 'motto', motto)
              when form < 0.60 then format('%s in %s who %s.', job, city, likes)
              when form < 0.85 then format('%s from %s. %s', job, city, pg_temp.pick(key || 'motto', motto))
              else format('Lives in %s, %s and %s.', city, likes, likes_too) end as bio,
         date_trunc('second', now() - age * interval '730 days') as created_at,
         greatest(0, pg_temp.fraction(key || 'edited') * 2 - 1) as edited
  from (
    select p.*, pg_temp.pick(key || 'job', job.words) as job, pg_temp.pick(key || 'city', cities) as city,
           pg_temp.pick(key || 'likes', likes.words) as likes,
           pg_temp.pick(key || 'too', array_remove(likes.words, pg_temp.pick(key || 'likes', likes.words))) as likes_too,
           motto.words as motto
    from sample_person p
    join sample_word job on job.kind = 'job'
    join sample_word likes on likes.kind = 'likes'
    join sample_word motto on motto.kind = 'motto'
  ) as worded
  union all
  values ('ada', true, 'Ada Lovelace', 'Keeps this place running. Wrote the first program before there was a machine for it.', now() - interval '731 days', 0.9::double precision),
         ('grace', false, 'Grace Hopper', 'Finds bugs, sometimes real ones. Easier to ask forgiveness than permission.', now() - interval '730 days 5 hours', 0.8)
) as sample
order by created_at
on conflict do nothing;
