import pytest

from matcher.reference.distance import haversine_km
from matcher.reference.municipalities import find_municipality, municipalities, municipality_key
from matcher.reference.prefectures import prefectures


def km_between(first, second):
    return float(haversine_km(*first, *second))


def test_the_table_lists_every_municipality_and_ward_once():
    frame = municipalities()
    wards = frame["name"].str.contains("市.+区$")
    assert ((~wards).sum(), wards.sum()) == (1741, 171)
    assert frame["prefecture_code"].nunique() == 47
    assert not frame.assign(key=frame["name"].map(municipality_key)).duplicated(["prefecture_code", "key"]).any()


def test_at_least_1700_municipalities_have_a_position_in_japan():
    frame = municipalities().dropna(subset=["latitude"])
    frame = frame[~frame["name"].str.contains("市.+区$")]
    assert len(frame) >= 1_700
    assert frame["latitude"].between(24, 46).all()
    assert frame["longitude"].between(122, 146).all()


def test_a_position_is_whole_and_says_its_source_or_is_unknown():
    frame = municipalities()
    unknown = frame["latitude"].isna()
    assert unknown.equals(frame["longitude"].isna())
    assert unknown.equals(frame["source"].isna())
    assert frame[["name", "kana"]].notna().all(axis=None)


def test_a_reading_is_hiragana_and_ends_as_the_name_does():
    frame = municipalities()
    assert frame["kana"].str.fullmatch("[ぁ-ゖー]+").all()
    endings = {"市": "し", "区": "く", "町": "まち|ちょう", "村": "むら|そん"}
    for ending, kana in endings.items():
        assert frame.loc[frame["name"].str.endswith(ending), "kana"].str.contains(f"(?:{kana})$").all()
    assert frame.set_index("name").loc[["神戸市", "広島市"], "kana"].to_list() == ["こうべし", "ひろしまし"]


@pytest.mark.parametrize("row", prefectures().to_dict("records"), ids=lambda row: row["code"])
def test_every_capital_lies_where_the_prefectures_table_says(row):
    position = find_municipality(row["code"], row["capital"])
    assert km_between(position, (row["lat"], row["lon"])) < 15


def test_every_located_name_leads_to_its_own_position():
    for row in municipalities().dropna().itertuples():
        assert find_municipality(row.prefecture_code, row.name) == (row.latitude, row.longitude)


@pytest.mark.parametrize(
    ("name", "one", "other", "km"),
    [
        ("府中市", "13", "34", 500),
        ("伊達市", "01", "07", 500),
        ("川崎町", "04", "40", 1000),
        ("池田町", "01", "20", 700),
    ],
)
def test_one_name_in_two_prefectures_is_two_places(name, one, other, km):
    assert km_between(find_municipality(one, name), find_municipality(other, name)) > km


def test_a_city_and_a_town_of_one_name_in_one_prefecture_are_two_places():
    assert km_between(find_municipality("34", "府中市"), find_municipality("34", "広島県安芸郡府中町")) > 60


@pytest.mark.parametrize(
    ("code", "spelling", "name"),
    [
        ("13", "東京都新宿区西新宿2-8-1", "新宿区"),
        ("13", "新宿", "新宿区"),
        ("13", "　新宿 区", "新宿区"),
        ("01", "札幌市 中央区 北1条西2丁目", "札幌市"),
        ("04", "仙台", "仙台市"),
        ("08", "龍ヶ崎市", "龍ケ崎市"),
        ("08", "竜ケ崎市寺後", "龍ケ崎市"),
        ("12", "鎌ヶ谷市", "鎌ケ谷市"),
        ("42", "諌早市", "諫早市"),
        ("02", "上北郡七戸町", "七戸町"),
        ("02", "青森県上北郡七戸町字七戸31-2", "七戸町"),
        ("01", "余市郡余市町", "余市町"),
        ("10", "北群馬郡榛東村", "榛東村"),
        ("13", "三宅島三宅村", "三宅村"),
        ("07", "郡山市朝日", "郡山市"),
        ("29", "大和郡山市", "大和郡山市"),
        ("24", "四日市市諏訪町", "四日市市"),
        ("26", "京都府京都市右京区", "京都市"),
        ("14", "横浜市緑区", "横浜市"),
        ("01", "中央区", "札幌市"),
    ],
)
def test_a_municipality_is_found_in_free_spelling(code, spelling, name):
    assert find_municipality(code, name) is not None
    assert find_municipality(code, spelling) == find_municipality(code, name)


def test_a_known_ward_counts_before_its_city():
    ward, city = find_municipality("22", "浜松市中央区板屋町"), find_municipality("22", "浜松市")
    assert ward != city
    assert km_between(ward, city) < 15
    assert find_municipality("22", "静岡県 中央区") == ward


@pytest.mark.parametrize(
    ("code", "name"),
    [("13", "大阪市"), ("13", ""), ("13", "東京都"), ("99", "新宿区"), ("", "新宿区"), ("02", "外ヶ浜町")],
)
def test_what_names_no_known_place_has_no_position(code, name):
    assert find_municipality(code, name) is None
